"""The answers of a session, so that Up on an empty line brings the last one back to edit it."""

from dataclasses import dataclass, replace

from valuelog.journal import entries, promises
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.promise import Promise
from valuelog.model.question import Question
from valuelog.workflows.answers import AnswerWriter
from valuelog.workflows.entries import apply_edits
from valuelog.workflows.followed import short_id


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierAnswer:
    """A saved answer: the question that it answers, its text, and what it became."""

    question: Question
    text: str
    saved: Entry | PainPoint | Sighting | Promise

    def edit(self, journal: Journal, text: str, writer: AnswerWriter) -> "EarlierAnswer":
        """Save another text in the batch of the session; without an effect if another terminal undid the answer."""
        match self.saved:
            case Entry() as entry:
                current = entries.reload(journal, entry)
                entries.update(
                    journal, current, apply_edits(current, {"text": text}), act=writer.act, batch=writer.batch
                )
            case PainPoint() as pain:
                changes = [_text_change("pain", pain.id, text), _text_change("sighting", pain.sightings[0].id, text)]
                writer.save(build_changes=lambda: changes)
            case Sighting() as sighting:
                writer.save(build_changes=lambda: [_text_change("sighting", sighting.id, text)])
            case Promise() as promise:
                promises.update(
                    journal, promise, writer.act, lambda current: replace(current, text=text), batch=writer.batch
                )
        return replace(self, text=text)

    def describe_deletion(self, journal: Journal) -> str:
        """Return the command that deletes the answer; an empty text for a sighting, which has no id for users."""
        is_sighting = isinstance(self.saved, Sighting)
        return "" if is_sighting else f"valuelog delete {short_id(journal, self.saved.id)}"


def _text_change(entity: str, entity_id: str, text: str) -> Change:
    return Change(entity=entity, id=entity_id, fields={"text": text})
