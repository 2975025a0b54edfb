"""What is missing in the directory, State by State: for the secretariat, and for coordinators of networks."""
