"""What characters and words mean in an interview; knows no document."""
