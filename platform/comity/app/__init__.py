"""The roof: factory, navigation, home, errors, command line, processes."""
