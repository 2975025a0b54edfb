"""What other domains and the edges use of consultations; each service in its own module."""

from comity.consultations.attachments import forget_waiting, named
from comity.consultations.drafts import draft_of, save_draft
from comity.consultations.overview import list_mine, unread_count, waiting_on_me, waiting_on_them
from comity.consultations.participation import consultation_for, counterpart_for, speaking_post
from comity.consultations.reading import Reader, mark_read, position_of, readers
from comity.consultations.sealed import subject_of
from comity.consultations.threads import Opening, Posted, post_message, start
from comity.consultations.timeline import Slice, events_after, page_before, slice_after, their_zone

__all__ = [
    "Opening", "Posted", "Reader", "Slice", "consultation_for", "counterpart_for", "draft_of", "events_after",
    "forget_waiting", "list_mine", "mark_read", "named", "page_before", "position_of", "post_message", "readers",
    "save_draft", "slice_after", "speaking_post", "start", "subject_of", "their_zone", "unread_count",
    "waiting_on_me", "waiting_on_them",
]  # fmt: skip
