"""The media server: forwards encrypted audio and video, speaks the LiveKit client protocol (see protocol.md)."""
