"""The register of clause 8.2: questions, who owes what until when, answers, what stands on the portal."""
