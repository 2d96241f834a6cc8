"""The only door to XML of others: parsed without entities, external references and what else XML can do to a reader."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from corpus.problems import CorpusError


def root(data: bytes, name: str) -> Element:
    """The outermost element of a document.

    >>> root(b"<a><b/></a>", "x.xml").tag
    'a'
    """
    try:
        found: Element = fromstring(data)
    except ParseError as error:
        raise CorpusError(f"{name} is not well-formed XML: {error}") from None
    except DefusedXmlException:
        raise CorpusError(f"{name} declares entities, which no file of a corpus needs; it is not read") from None
    return found
