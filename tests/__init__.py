"""The tests, flat: test_<package>_<topic>.py."""
