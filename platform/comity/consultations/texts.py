"""The texts of the consultation's island, in the reader's language: the island itself holds none."""

from __future__ import annotations

from flask_babel import gettext as _


def island() -> dict[str, str]:
    """Message by name; parameters are written as gettext has them, `%(name)s`."""
    return {
        "connected": _("Connected"),
        "connecting": _("Connecting"),
        "reconnecting": _("Reconnecting: nothing is lost"),
        "slow": _("Connected without live events: messages come every few seconds"),
        "ended": _("You are signed out. Sign in again to go on; what you typed is kept in this browser."),
        "gone": _("You have no part in this consultation any more."),
        "sending": _("Sending"),
        "waiting": _("Not sent yet. It will go out by itself."),
        "failed": _("Not sent: %(reason)s"),
        "not_taken": _("the server did not take it"),
        "again": _("Try again"),
        "discard": _("Discard"),
        "sent": _("Sent"),
        "unread_by_all": _("Sent, not read yet"),
        "read_by": _("Read by %(names)s"),
        "typing_one": _("%(name)s is writing"),
        "typing_many": _("%(names)s are writing"),
        "here": _("Here now: %(names)s"),
        "here_alone": _("Nobody else is here now"),
        "new": _("New"),
        "arrived": _("%(name)s wrote: %(words)s"),
        "arrived_many": _("%(count)d new messages"),
        "draft_kept": _("Draft kept"),
        "draft_kept_here": _("Draft kept in this browser"),
        "earlier_failed": _("That did not load. Please try again."),
        "files": _("Files"),
        "uploading": _("Uploading"),
        "upload_waiting": _("Waiting for the network"),
        "upload_failed": _("That did not load. Please try again."),
        "held": _("This goes out as soon as its files are here."),
        "remove": _("Remove %(name)s"),
        "file_too_large": _("“%(name)s” was not taken: a file has at most %(most)d MB."),
        "too_many_files": _("A message has at most %(most)d files."),
        "room_now": _("In the room now: %(names)s"),
    }
