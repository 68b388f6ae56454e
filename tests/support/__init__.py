"""What tests are made of: builders, generators, offices and processes."""
