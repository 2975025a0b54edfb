"""What keeps the directory true: proposals, confirmations, reports, and addresses that mail comes back from."""
