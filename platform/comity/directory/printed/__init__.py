"""The directory as it leaves for address books and printers: vCards and PDF."""
