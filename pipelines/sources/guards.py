"""Whether a reading is believed: an empty, shrunken, mislabelled or mis-shaped answer never replaces a good day.

The rules are here with their thresholds. How an answer was got is in `readings`, and what was judged before in
`ledger`. Nothing here reads, writes or asks.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from pipelines.sources.channel import LiveSource
from pipelines.sources.ledger import Judgement, Ledger, State
from pipelines.sources.readings import Reading

#: A day may lose at most this share of the last good reading's papers, or of what its weekday usually has.
FLOOR_SHARE = 0.5
#: Days before and after that say what is usual for a weekday, and how many of them it takes.
USUAL_DAYS = 28
MIN_USUAL = 3
#: A weekday that usually has fewer papers than this may well have half of them.
MIN_USUAL_PAPERS = 10
#: More unreadable records than this make the whole answer doubtful.
MAX_REJECTED_SHARE = 0.05
#: A field that nearly every record had may not be missing from this share of them.
MISSING_SHARE, USUALLY_MISSING_SHARE = 0.20, 0.05
#: Two empty or strikingly small answers this far apart confirm each other.
CONFIRM_AFTER = timedelta(hours=6)
#: A listing of this many papers is not another day's by chance.
MIN_TELLING = 3


@dataclass(frozen=True)
class Past:
    """What is known of a day and its neighbours when an answer is judged.

    `last_good` is the last reading that was taken, `attempts` are all judgements of the day, `usual` the counts of
    the same weekday nearby. `twin` is another day whose last good reading names the very same papers.
    """

    last_good: Judgement | None = None
    attempts: tuple[Judgement, ...] = ()
    usual: tuple[int, ...] = ()
    has_neighbours: bool = False
    twin: date | None = None


def past_of(ledger: Ledger, source: LiveSource, reading: Reading) -> Past:
    """Return what the ledger knows that matters for judging `reading`."""
    of_day = tuple(ledger.of(source.name, reading.query, reading.day))
    good = ledger.good(source.name, reading.query)
    if source.cadence == "snapshot":
        # a snapshot has no day of its own: what counts is the one before it
        before = max((day for day in good if day <= reading.day), default=None)
        return Past(good[before] if before else None, of_day)
    near = (reading.day + timedelta(days=n) for n in range(-USUAL_DAYS, USUAL_DAYS + 1) if n)
    counts = {day: good[day].n_records for day in near if day in good and good[day].n_records > 0}
    twins = [
        day
        for day, judged in good.items()
        if judged.ids_digest == reading.ids_digest and day != reading.day and judged.n_records >= MIN_TELLING
    ]
    return Past(
        good.get(reading.day),
        of_day,
        tuple(n for day, n in counts.items() if day.weekday() == reading.day.weekday()),
        any(abs((day - reading.day).days) <= 7 for day in counts),
        twins[0] if twins else None,
    )


@dataclass
class Verdict:
    """State and reasons, and what was counted on the way."""

    state: State
    reasons: list[str] = field(default_factory=list)
    missing_shares: dict[str, float] = field(default_factory=dict)
    is_overridden: bool = False


def judge(
    source: LiveSource,
    reading: Reading,
    past: Past,
    today: date,
    reread_days: int,
    *,
    accept_shrink: bool = False,
) -> Verdict:
    """Return the verdict on one reading. With `accept_shrink` smaller and emptier answers are taken, and it is said."""
    if reading.problem:
        return Verdict(reading.problem, [reading.reason])
    n, n_rejected = len(reading.records), len(reading.rejected)
    verdict = Verdict("ok", missing_shares=_missing_shares(source, reading))
    if n_rejected:
        why, count = Counter(r.reason for r in reading.rejected).most_common(1)[0]
        verdict.reasons.append(f"{n_rejected} of {n + n_rejected} records rejected, {count} of them: {why}")
    hard = list(reading.doubts)
    if n_rejected > MAX_REJECTED_SHARE * (n + n_rejected):
        hard.append(f"too many records cannot be understood{_drift_words(reading)}")
    if reading.n_announced is not None and reading.n_announced != n + n_rejected:
        hard.append(f"{reading.n_announced} papers were announced, {n + n_rejected} came")
    if past.twin:
        hard.append(f"mislabelled: the very papers of {past.twin}")
    if hard:
        return Verdict("refused", hard + verdict.reasons, verdict.missing_shares)
    is_closed = reading.day < today or source.cadence == "snapshot"
    soft = _shrunken(source, reading, past, today, reread_days) + _gone_fields(verdict, past)
    if soft and not accept_shrink:
        # an empty weekend is no fault, it only has to be confirmed
        state: State = "open" if soft == [_UNCONFIRMED] else "refused"
        return Verdict(state, soft + verdict.reasons, verdict.missing_shares)
    if soft:
        verdict.is_overridden = True
        verdict.reasons = [f"taken by --accept-shrink although: {why}" for why in soft] + verdict.reasons
    if not is_closed:
        verdict.state = "open"
        verdict.reasons.append("the day has not ended")
        return verdict
    if n == 0:
        verdict.state = "empty_confirmed"
    elif past.last_good and past.last_good.fingerprint == reading.fingerprint:
        verdict.state = "unchanged"
    return verdict


_UNCONFIRMED = "empty; a second reading some hours later has to agree"


def _shrunken(source: LiveSource, reading: Reading, past: Past, today: date, reread_days: int) -> list[str]:
    """Return why there are too few papers, empty when there are not."""
    n, good = len(reading.records), past.last_good
    if good and good.n_records > 0:
        if n == 0:
            return [f"empty: {good.n_records} -> 0 papers"]
        return [f"shrunken: {good.n_records} -> {n} papers"] if n < FLOOR_SHARE * good.n_records else []
    if source.cadence == "snapshot":
        return [] if n or reading.is_empty_stated else ["empty: no papers"]
    usual = median(past.usual) if len(past.usual) >= MIN_USUAL else None
    is_fresh = (today - reading.day).days <= reread_days
    if n > 0:
        # a young day still grows and is read again anyway
        if is_fresh or usual is None or usual < MIN_USUAL_PAPERS or n >= FLOOR_SHARE * usual:
            return []
        return [] if _agrees(past, reading) else [f"shrunken: {n} papers, such a weekday has {usual:g}"]
    if reading.is_empty_stated or _agrees(past, reading):
        return []
    if reading.day.weekday() < 5:
        has = f", such a weekday has {usual:g}" if usual else ""
        return [f"empty: no papers on a weekday{has}"]
    # a weekend that ended long ago will not fill any more, when the days around it show that the source answers
    return [_UNCONFIRMED] if is_fresh or not past.has_neighbours else []


def _agrees(past: Past, reading: Reading) -> bool:
    """Say whether an earlier well-formed reading of the day, some hours ago, held as many papers."""
    return any(
        j.is_whole and j.n_records == len(reading.records) and reading.read_at - j.read_at >= CONFIRM_AFTER
        for j in past.attempts
    )


def _missing_shares(source: LiveSource, reading: Reading) -> dict[str, float]:
    living = [r for r in reading.records if not r.is_deleted]
    if not living:
        return {}
    return {
        name: round(sum(1 for r in living if getattr(r, name) in (None, (), "")) / len(living), 4)
        for name in source.always
    }


def _gone_fields(verdict: Verdict, past: Past) -> list[str]:
    before = past.last_good.missing_shares if past.last_good else {}
    return [
        f"{name.removesuffix('_raw')} is missing from {share:.0%} of the papers"
        for name, share in verdict.missing_shares.items()
        if share > MISSING_SHARE and before.get(name, 0.0) < USUALLY_MISSING_SHARE
    ]


def _drift_words(reading: Reading) -> str:
    missing = reading.drift.get("missing", {})
    retyped = reading.drift.get("retyped", {})
    n = len(reading.records) + len(reading.rejected)
    words = [f"{name.removesuffix('_raw')} is missing from {count} of {n}" for name, count in missing.items()]
    words += [f"{name} has another type in {count} of {n}" for name, count in retyped.items()]
    return f" ({', '.join(words[:4])})" if words else ""
