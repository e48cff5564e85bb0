"""The register of clause 8.2: questions, who owes what by when, answers, publications on the portal."""
