"""One screen a file. A page turns the address into one query and the answer into components; what is changed goes through workflows."""
