"""What users ask for, one file each: plain requests and ports in, documents out."""
