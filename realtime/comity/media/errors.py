"""Errors of the media server: one base, one class per cause; each edge translates them in one place."""


class MediaError(Exception):
    """Base of every error the media server raises on purpose."""


class SettingsError(MediaError):
    """The server cannot start with these settings; the message names the setting and the reason."""


class TokenRefused(MediaError):
    """The access token is missing, malformed, not ours, expired, not yet valid or revoked."""


class AccessDenied(MediaError):
    """A valid token or a joined participant asked for something its grants do not allow."""


class BadRequest(MediaError):
    """A join request, signal message or Twirp body that does not parse or exceeds its limit."""


class BadOffer(BadRequest):
    """A session description that is no usable offer (RFC 8829, section 5.3; RFC 8866)."""


class NotFound(MediaError):
    """The room, participant or track named in a call does not exist."""


class RoomFull(MediaError):
    """The room holds as many participants as it may."""
