"""The authorisation server of OAuth 2.1: clients, what people allowed them, tokens; and application passwords."""
