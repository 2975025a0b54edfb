"""The jobs process: due work, on huey (SQLite storage, or Redis where it is configured)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass

from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from comity.app import assets
from comity.app.verifying import verify_all
from comity.consultations import away
from comity.consultations import services as consultations
from comity.core import checkpoints
from comity.core import config as configuration
from comity.core.clock import Clock, SystemClock
from comity.core.config import Config
from comity.core.db import Database
from comity.core.files.store import Store
from comity.core.signing import Signer
from comity.directory.alive import asking
from comity.directory.alive.letters import mailer
from comity.directory.exchange import tasks
from comity.directory.exchange.worker import Worker
from comity.directory.vetting import leaving
from comity.federation import housekeeping as federation
from comity.people import housekeeping
from comity.rooms import seats
from comity.rooms.doorkeeper import Doorkeeper
from comity.rooms.room_service import RoomService
from comity.rooms.tokens import MediaKey

log = logging.getLogger("comity.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """Work that comes round. minute, hour: as in crontab(5)."""

    name: str
    minute: str
    hour: str
    run: Callable[[Config, Database, Clock], object]


def _notify_away(config: Config, database: Database, clock: Clock) -> object:
    with database.writing() as session:
        return away.notify_away(session, clock.now(), config.away_after, config.base_url, mailer(config).domain)


def _ask_to_confirm(config: Config, database: Database, clock: Clock) -> object:
    with database.writing() as session:
        return asking.ask_due(session, clock.now(), mailer(config), config.secret_key)


def _settle_ended(config: Config, database: Database, clock: Clock) -> object:
    with database.writing() as session:
        return leaving.settle_ended(session, clock.now())


def _forget_expired(config: Config, database: Database, clock: Clock) -> object:
    with database.writing() as session:
        now = clock.now()
        return (
            housekeeping.forget_expired(session, now)
            + federation.forget_expired(session, now)
            + seats.forget_old(session, now)
        )


def _sweep_files(config: Config, database: Database, clock: Clock) -> object:
    with database.writing() as session:
        consultations.forget_waiting(session, clock.now())

    def named(ids: Collection[str]) -> Collection[str]:
        with database.reading() as session:
            return consultations.named(session, ids)

    return Store(config.files_url).sweep(named, clock.now())


def _checkpoint(config: Config, database: Database, clock: Clock) -> object:
    with database.reading() as session:
        path = checkpoints.path_in(config.data)
        return checkpoints.write(session, path, Signer.of(config.audit_key), clock.now())


def _verify(config: Config, database: Database, clock: Clock) -> object:
    found = verify_all(database, checkpoints.read(checkpoints.path_in(config.data), Signer.of(config.audit_key)), clock)
    for one in found:
        log.error("the audit chain does not hold: %s", one)
    return len(found)


def exchange_worker(config: Config, database: Database, clock: Clock) -> Worker:
    """Who works on the files that go into the directory and out of it."""
    return Worker(database, clock, tasks.Safe(config.secret_key), assets.static_root() / "fonts")


def _exchange(config: Config, database: Database, clock: Clock) -> object:
    return exchange_worker(config, database, clock).run_all()


def _forget_files(config: Config, database: Database, clock: Clock) -> object:
    with database.writing() as session:
        return tasks.forget(session, clock.now())


JOBS = (
    Job("notify those who are away", minute="*", hour="*", run=_notify_away),
    Job("close the accounts of those whose last post has ended", minute="*", hour="*", run=_settle_ended),
    Job("ask whether records are still right", minute="11", hour="5", run=_ask_to_confirm),
    Job("work on the directory's files", minute="*", hour="*", run=_exchange),
    Job("forget the directory's files", minute="23", hour="*", run=_forget_files),
    Job("forget expired sessions and invitations", minute="17", hour="3", run=_forget_expired),
    Job("take away files that nobody sent", minute="23", hour="3", run=_sweep_files),
    Job("verify the audit chain", minute="31", hour="3", run=_verify),
    Job("sign a checkpoint of the audit chain", minute="47", hour="3", run=_checkpoint),
)


def build(config: Config, database: Database, clock: Clock) -> Huey:
    """The queue with every job in it."""
    if config.redis_url:
        queue = RedisHuey("comity", url=config.redis_url)
    else:
        config.data.mkdir(parents=True, exist_ok=True)
        queue = SqliteHuey("comity", filename=str(config.data / "jobs.sqlite3"))
    for job in JOBS:
        _register(queue, job, config, database, clock)
    return queue


def run_all(config: Config, database: Database, clock: Clock) -> None:
    """Run every job now, once."""
    for job in JOBS:
        job.run(config, database, clock)


def doorkeeper(config: Config, database: Database, clock: Clock) -> Doorkeeper:
    """Puts out of rooms whose seat is over, every second: huey's grain, a minute, is too coarse for that."""
    media = MediaKey(config.media_key, config.media_secret)
    return Doorkeeper(database, RoomService(config.media_url, media, clock), clock)


def _register(queue: Huey, job: Job, config: Config, database: Database, clock: Clock) -> None:
    def work() -> None:
        job.run(config, database, clock)

    queue.periodic_task(crontab(minute=job.minute, hour=job.hour), name=job.name)(work)


def main() -> None:
    """The jobs process: `python -m comity.app.jobs`."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    config = configuration.load()
    database = Database(config.database_url, synchronous=config.sqlite_synchronous)
    keeper = doorkeeper(config, database, SystemClock())
    threading.Thread(target=keeper.run, args=(threading.Event(),), name="doorkeeper", daemon=True).start()
    # Somebody looks at a page that tells how far it is: such work waits for no minute to come round.
    stop, worker = threading.Event(), exchange_worker(config, database, SystemClock())
    follower = threading.Thread(target=worker.follow, args=(stop,), name="exchange", daemon=True)
    follower.start()
    build(config, database, SystemClock()).create_consumer(workers=1).run()
    stop.set()


if __name__ == "__main__":
    main()
