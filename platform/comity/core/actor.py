"""Who acts: a frozen value that access decisions are made on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do beyond their posts. Focal points and coordinators are posts, not roles."""

    SECRETARIAT = "secretariat"
    ORGANISER = "organiser"
    MODERATOR = "moderator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class PostRef:
    """A post that the actor holds now, or stands in for.

    state: ISO 3166-1 alpha-2 code of the State or Party. zone: IANA name of the authority's time zone.
    focal: it is its authority's focal point. deputising: its holder is away, and the actor stands in.
    """

    id: int
    title: str
    authority_id: int
    authority_name: str
    state: str
    zone: str
    focal: bool = False
    deputising: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, with the posts held at this moment.

    locale: BCP 47 code of the language the person reads. zone: IANA name of the person's time zone.
    networks: codes of those that the person takes part in. coordinates: of those that a post held now coordinates.
    """

    account_id: int
    display_name: str
    locale: str
    zone: str
    posts: tuple[PostRef, ...] = ()
    roles: frozenset[Role] = frozenset()
    networks: frozenset[str] = frozenset()
    coordinates: frozenset[str] = frozenset()

    @property
    def focal_of(self) -> frozenset[int]:
        """The authorities that the actor is focal point of."""
        return frozenset(post.authority_id for post in self.posts if post.focal)

    @property
    def states(self) -> frozenset[str]:
        """Alpha-2 codes of the States that the actor acts for."""
        return frozenset(post.state for post in self.posts)

    @property
    def authority_ids(self) -> frozenset[int]:
        """The authorities the actor acts for."""
        return frozenset(post.authority_id for post in self.posts)

    @property
    def post_ids(self) -> frozenset[int]:
        return frozenset(post.id for post in self.posts)

    @property
    def held_ids(self) -> frozenset[int]:
        """The posts that the actor holds in person, without those of others who are away."""
        return frozenset(post.id for post in self.posts if not post.deputising)

    @property
    def is_secretariat(self) -> bool:
        return Role.SECRETARIAT in self.roles

    @property
    def post_title(self) -> str:
        return self.posts[0].title if self.posts else ""

    @property
    def authority_name(self) -> str:
        return self.posts[0].authority_name if self.posts else ""

    def post_in(self, authority_ids: frozenset[int]) -> PostRef | None:
        """The actor's post in one of the given authorities, or None."""
        return next((post for post in self.posts if post.authority_id in authority_ids), None)
