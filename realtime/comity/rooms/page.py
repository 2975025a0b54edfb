"""What the room page shows, prepared so that its template only prints."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from comity.core.actor import Actor
from comity.directory.names import state_name
from comity.rooms.services import Door


@dataclass(frozen=True, slots=True)
class PartyLine:
    """An authority that consults. state: its State's name in the reader's language."""

    authority_id: int
    authority: str
    state: str
    ours: bool


@dataclass(frozen=True, slots=True)
class RoomView:
    """The room from outside. public_id: of the consultation."""

    public_id: str
    subject: str
    parties: tuple[PartyLine, ...]
    name: str
    post: str
    authority: str
    authority_id: int


def described(door: Door, actor: Actor) -> RoomView:
    """The room as somebody sees it who may enter it. The reader's own side stands first."""
    lines = [
        PartyLine(
            authority_id=party.authority_id,
            authority=party.authority.name_en,
            state=state_name(party.authority.state_iso2, actor.locale),
            ours=party.authority_id == door.post.authority_id,
        )
        for party in door.consultation.parties
    ]
    return RoomView(
        public_id=door.consultation.public_id,
        subject=door.subject,
        parties=tuple(sorted(lines, key=lambda line: not line.ours)),
        name=actor.display_name,
        post=door.post.title,
        authority=door.post.authority_name,
        authority_id=door.post.authority_id,
    )


def texts() -> dict[str, str]:
    """The texts of the island, in the reader's language. Named values are filled in by the browser."""
    return {**_states(), **_people(), **_problems(), **_devices()}


def _states() -> dict[str, str]:
    return {
        "joining": _("Joining…"),
        "connected": _("Connected"),
        "reconnecting": _("Connection lost. Stay here: you will be back by yourself."),
        "reconnecting_short": _("Reconnecting…"),
        "back": _("You are back in the room."),
        "entered": _("You are in the room."),
        "left": _("You left the room"),
        "left_words": _("You can return as long as the consultation is open."),
        "ended": _("The call has ended"),
        "elsewhere": _("You entered the room in another window"),
        "elsewhere_words": _("The call goes on there. You can bring it back here."),
        "removed": _("You were taken out of the room"),
        "removed_words": _(
            "You may have been signed out, or your authority is no longer party. Go back and look again."
        ),
        "refused": _("You cannot enter this room any more"),
        "refused_words": _(
            "You may have been signed out, or your authority is no longer party. Go back and look again."
        ),
        "gave_up": _("The room cannot be reached"),
        "gave_up_words": _("Comity kept trying for ten minutes. Please check your network, then return to the room."),
        "no_media": _(
            "The room answers, but sound and picture do not get through. Your network may block calls: "
            "ask your IT service to allow them, or try another network."
        ),
        "not_reached": _("The room cannot be reached at the moment. Comity tries again by itself."),
    }


def _people() -> dict[str, str]:
    return {
        "you": _("%(name)s (you)"),
        "joined": _("%(name)s joined"),
        "someone_left": _("%(name)s left"),
        "is_muted": _("%(name)s is muted"),
        "is_unmuted": _("%(name)s can be heard"),
        "muted": _("muted"),
        "speaking": _("speaking"),
        "shares": _("%(name)s shares a screen"),
        "stopped_sharing": _("%(name)s stopped sharing"),
        "screen_of": _("Screen of %(name)s"),
        "poor": _("Poor connection"),
        "lost": _("Connection lost"),
        "nobody_here": _("Nobody is in the room yet."),
        "here": _("In the room now: %(names)s"),
        "not_known": _("We cannot see at the moment who is in the room."),
        "others": _("Others"),
        "your_connection_good": _("Your connection is good"),
        "your_connection_poor": _("Your connection is poor"),
    }


def _problems() -> dict[str, str]:
    return {
        "denied": _(
            "The browser may not use your camera or microphone. Allow it with the sign beside the address, "
            "then choose the device again. You can also enter without."
        ),
        "camera_missing": _("No camera was found. You can enter without one."),
        "microphone_missing": _("No microphone was found. You can enter without one: you will hear the others."),
        "camera_busy": _("Your camera is used by another program. Close it there, then turn the camera on here."),
        "microphone_busy": _("Your microphone is used by another program. Close it there, then turn it on here."),
        "device_failed": _("This device does not work. Please choose another one."),
        "insecure": _("The browser allows calls on secure pages alone. Open Comity with https:// and try again."),
        "no_webrtc": _("This browser cannot take part in calls. Please use a current Firefox, Chrome, Edge or Safari."),
        "screen_denied": _("The screen is not shared: the browser or you said no."),
        "sound_blocked": _("The browser keeps the room silent until you allow the sound."),
    }


def _devices() -> dict[str, str]:
    return {
        "camera_n": _("Camera %(number)s"),
        "microphone_n": _("Microphone %(number)s"),
        "speaker_n": _("Speaker %(number)s"),
        "no_device": _("None found"),
        "mute": _("Mute microphone (M)"),
        "unmute": _("Unmute microphone (M)"),
        "camera_off": _("Turn camera off (V)"),
        "camera_on": _("Turn camera on (V)"),
        "share": _("Share a screen (S)"),
        "unshare": _("Stop sharing (S)"),
        "you_muted": _("You are muted"),
        "you_unmuted": _("You can be heard"),
        "camera_is_off": _("Your camera is off"),
        "camera_is_on": _("Your camera is on"),
        "you_share": _("You share a screen"),
        "you_stopped_sharing": _("You stopped sharing"),
        "heard": _("Your microphone works: we hear you."),
        "speak": _("Say something to test your microphone."),
        "tone_played": _("If you heard three notes, your speaker works."),
    }
