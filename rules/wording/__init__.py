"""Rules in words: each duty in sentences made from its rule."""
