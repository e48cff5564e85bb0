"""An incoming mail: already known, new, a citizen's follow-up, a request about status or withdrawal, a bounce."""
