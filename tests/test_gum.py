"""GUM's trees and tokens become attributions: source and cue by signals, content by the tree, text by the tokens."""

from pathlib import Path

import pytest

from corpus.formats import gum, reader
from corpus.formats.converted import Article, Given
from corpus.problems import CorpusError

# "Mill's owners, Orla Penk said, don't know." / "They never promised a new dam, it is said."
CONLLU = """# newdoc id = GUM_news_mill
# meta::dateCreated = 2026-03-01
# meta::sourceURL = https://en.wikinews.org/wiki/Mill
# newpar
# newpar_block = p (2 s)
# sent_id = 1
1-2\tMill's\t_\t_\t_\t_\t_\t_\t_\t_
1\tMill\t_\t_\t_\t_\t_\t_\t_\t_
2\t's\t_\t_\t_\t_\t_\t_\t_\t_
3\towners\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
4\t,\t_\t_\t_\t_\t_\t_\t_\t_
5\tOrla\t_\t_\t_\t_\t_\t_\t_\t_
5.1\tghost\t_\t_\t_\t_\t_\t_\t_\t_
6\tPenk\t_\t_\t_\t_\t_\t_\t_\t_
7\tsaid\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
8\t,\t_\t_\t_\t_\t_\t_\t_\t_
9-10\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
9\tdo\t_\t_\t_\t_\t_\t_\t_\t_
10\tnot\t_\t_\t_\t_\t_\t_\t_\t_
11\t.\t_\t_\t_\t_\t_\t_\t_\t_

# sent_id = 2
# newpar_block = nothing
1\tThey\t_\t_\t_\t_\t_\t_\t_\t_
2\tnever\t_\t_\t_\t_\t_\t_\t_\t_
3\tpromised\t_\t_\t_\t_\t_\t_\t_\t_
4\tit\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
5\t.\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No

# newpar
# sent_id = 3
1\tEnd\t_\t_\t_\t_\t_\t_\t_\t_
"""
RS4 = """<rst><header/><body>
<segment id="1" parent="10" relname="same-unit">Mill 's owners ,</segment>
<segment id="2" parent="11" relname="attribution-positive">Orla Penk said ,</segment>
<segment id="3" parent="10" relname="same-unit">do not .</segment>
<segment id="4" parent="5" relname="attribution-negative">They never promised</segment>
<segment id="5" parent="12" relname="span">it .</segment>
<segment id="6" parent="12" relname="joint-list">End</segment>
<group id="10" type="multinuc" parent="11" relname="span"/>
<group id="11" type="span" parent="12" relname="joint-list"/>
<group id="12" type="multinuc"/>
<secedges><secedge id="4-11" source="4" target="11" relname="attribution-positive"/></secedges>
<signals><signal source="2" type="semantic" subtype="attribution_source" tokens="5,6"/>
<signal source="2" type="lexical" subtype="indicative_word" tokens="7"/>
<signal source="4" type="semantic" subtype="attribution_source" tokens="12"/></signals>
</body></rst>"""


def converted(folder: Path, tree: str = RS4, tokens: str = CONLLU) -> Article:
    (folder / "GUM_news_mill.rs4").write_text(tree, encoding="utf-8")
    (folder / "GUM_news_mill.conllu").write_text(tokens, encoding="utf-8")
    (article,) = reader("gum")(folder, Given()).articles
    return article


def test_text_and_attributions(tmp_path: Path) -> None:
    article = converted(tmp_path)
    whole = article.document.text or ""
    assert whole == "Mill's owners, Orla Penk said, don't. They never promised it.\nEnd"
    assert (article.document.id, article.document.date, article.document.outlet) == ("gum_news_mill", "2026-03-01", "Wikinews")
    (layer,) = article.layers
    words = {one.id: [whole[span.start : span.end] for span in one.spans] for one in layer.mentions}
    said = [(words[one.hub], [words[id] for id in (*one.sources, *one.cues)], one.polarity) for one in layer.attributions]
    assert said == [
        (["Mill's owners,", "don't."], [["Orla Penk"], ["said"]], "positive"),
        (["it."], [["They"]], "negative"),
    ]
    kept = article.extra[layer.annotator]
    assert kept["document"]["secondary_edge_1"] == "attribution-positive"
    assert [whole[one.start : one.end] for one in kept["a-m1"]["satellite"]] == ["Orla Penk said,"]  # type: ignore[union-attr]


def test_tokens_that_part_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="part at token 5"):
        converted(tmp_path, RS4.replace("Orla Penk said", "Orlo Penk said"))


def test_withheld_words_are_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "GUM_reddit_mill.rs4").write_text("<rst><body><segment id='1'>___ .</segment></body></rst>", encoding="utf-8")
    (tmp_path / "GUM_reddit_mill.conllu").write_text("1\t___" + "\t_" * 8 + "\n2\t." + "\t_" * 8 + "\n", encoding="utf-8")
    read = reader("gum")(tmp_path, Given())
    assert (read.total, [(one.what, one.number) for one in read.notes]) == (0, [("document whose words are withheld as underscores", 1)])


@pytest.mark.parametrize("bad", ["<rst><body>", '<!DOCTYPE a [<!ENTITY b "c">]><rst><body><segment id="1">&b;</segment></body></rst>'])
def test_xml_that_cannot_be_read_is_refused(bad: str) -> None:
    with pytest.raises(CorpusError, match=r"x\.rs4"):
        gum.tree(bad.encode(), "x.rs4")


def test_real_files(peers: Path) -> None:
    read = reader("gum")(peers / "gum-news", Given())
    articles = list(read.articles)
    layers = [layer for one in articles for layer in one.layers]
    assert (len(articles), sum(len(one.attributions) for one in layers)) == (5, 53)
    assert all(one.sources for layer in layers for one in layer.attributions)
    assert sum(bool(one.cues) for layer in layers for one in layer.attributions) >= 0.75 * 53
    denied = next(one for one in articles if one.document.id == "gum_news_imprisoned")
    assert {one.polarity for one in denied.layers[0].attributions} == {"positive"}
    assert len(denied.document.text or "") == denied.document.length


@pytest.mark.parametrize(("more", "taken"), [(0, False), (9, True)])
def test_a_token_that_the_tree_spells_otherwise_is_told(tmp_path: Path, more: int, taken: bool) -> None:
    """As `n`t` and `n't`; where more than one in twenty differ, it is another text."""
    rows = "".join(f"{at}\tEnd\t_\t_\t_\t_\t_\t_\t_\t_\n" for at in range(2, 2 + more))
    (tmp_path / "GUM_news_mill.conllu").write_text(CONLLU + rows, encoding="utf-8")
    tree = RS4.replace(">End<", f">{' '.join(['End'] * (1 + more))}<").replace("do not", "do n't")
    (tmp_path / "GUM_news_mill.rs4").write_text(tree, encoding="utf-8")
    (found,) = reader("gum")(tmp_path, Given()).soundly()
    assert isinstance(found, Article) == taken
    if isinstance(found, Article):
        assert [(one.what, one.number) for one in found.notes][-1] == ("token that the tree spells otherwise than the text", 1)
