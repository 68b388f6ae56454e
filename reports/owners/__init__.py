"""Who does what: the tasks of each owner, and a mail with them."""
