"""The MSEL in spreadsheets, calendars and documents, and back into inject files."""
