"""The register of clause 8.2: questions, units and due dates, answers, publications on the portal."""
