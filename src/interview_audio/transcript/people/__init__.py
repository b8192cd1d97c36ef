"""Who is who: full names behind labels, hosts and guests, genders, misprints."""
