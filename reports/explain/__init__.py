"""Why a duty has its status, for one reader."""
