"""RFC 4287 as a RELAX NG schema, of what a feed must have, and the rules that a schema does not say."""

import re

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
IRI = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?[^\s<>\"{}|\\^`]+")
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
SCHEMA = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="feed"><ref name="common"/><interleave>
 <oneOrMore><ref name="author"/></oneOrMore><ref name="id"/><ref name="title"/><ref name="updated"/>
 <oneOrMore><ref name="link"/></oneOrMore><optional><ref name="subtitle"/></optional>
 <zeroOrMore><ref name="entry"/></zeroOrMore></interleave></element></start>
<define name="common"><optional><attribute name="xml:lang"/></optional>
 <optional><attribute name="xml:base"/></optional></define>
<define name="entry"><element name="entry"><ref name="common"/><interleave>
 <zeroOrMore><ref name="author"/></zeroOrMore><ref name="id"/><ref name="title"/><ref name="updated"/>
 <optional><element name="published"><ref name="instant"/></element></optional>
 <oneOrMore><ref name="link"/></oneOrMore><optional><ref name="content"/></optional></interleave></element></define>
<define name="author"><element name="author"><ref name="common"/><element name="name"><text/></element>
 <optional><element name="uri"><text/></element></optional>
 <optional><element name="email"><text/></element></optional></element></define>
<define name="id"><element name="id"><data type="string"><param name="minLength">1</param></data></element></define>
<define name="title"><element name="title"><ref name="kind"/><text/></element></define>
<define name="subtitle"><element name="subtitle"><ref name="kind"/><text/></element></define>
<define name="content"><element name="content"><ref name="kind"/><text/></element></define>
<define name="kind"><optional><attribute name="type"><choice><value>text</value><value>html</value></choice>
 </attribute></optional></define>
<define name="updated"><element name="updated"><ref name="instant"/></element></define>
<define name="instant"><data type="string"><param name="pattern">{INSTANT}</param></data></define>
<define name="link"><element name="link"><attribute name="href"/><optional><attribute name="rel"/></optional>
 <optional><attribute name="type"/></optional><empty/></element></define>
</grammar>"""


def faults(data: bytes) -> list[str]:
    """What RFC 4287 forbids; [] for a valid feed."""
    tree = etree.fromstring(data)
    schema = etree.RelaxNG(etree.fromstring(SCHEMA))
    found = [] if schema.validate(tree) else [str(one) for one in schema.error_log]
    ids = [one.text or "" for one in tree.iter(f"{ATOM}id")]
    found += [f"§4.2.6 not an absolute IRI: {one}" for one in ids if ":" not in one or not IRI.fullmatch(one)]
    keys = [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}updated")) for one in tree.iter(f"{ATOM}entry")]
    if len(set(keys)) != len(keys):
        found.append("§4.1.1 two entries with the same id and updated")
    for one in (tree, *tree.iter(f"{ATOM}entry")):
        links = [
            (each.get("rel", "alternate"), each.get("type"), each.get("hreflang"))
            for each in one.findall(f"{ATOM}link")
        ]
        if len([each for each in links if each[0] == "alternate"]) != len(
            {each for each in links if each[0] == "alternate"}
        ):
            found.append("§4.1.1 two alternate links of the same type")
        if one.find(f"{ATOM}content") is None and one is not tree and "alternate" not in {each[0] for each in links}:
            found.append("§4.1.2 neither content nor alternate link")
    return found
