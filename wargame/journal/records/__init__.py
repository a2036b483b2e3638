"""The kinds of records of a journal, a module for each subject, and their lines."""

from wargame.journal.records import correspondence, governments, questionnaires, run, script, seats, steps
from wargame.journal.records.coding import LEFT_OUT, Stamps, at_level, decode_line, encode_lines, kinds, record_of
from wargame.journal.records.record import RawRecord, Record

__all__ = ["LEFT_OUT", "RawRecord", "Record", "Stamps", "at_level", "decode_line", "encode_lines", "kinds", "record_of"]
__all__ += ["correspondence", "governments", "questionnaires", "run", "script", "seats", "steps"]
