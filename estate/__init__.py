"""Many bodies at once: found, checked on a Dask cluster, and written as flat tables."""
