"""X-Fact: claims in many languages with seven labels (Gupta and Srikumar 2021).

Equals ``scripts/calculate_fscore.py PREDICTIONS EXAMPLES``: the mean over pairs of language and site of
scikit-learn's macro F1. The prediction file repeats the gold labels, which are the ones that count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claimbench.errors import Problem
from claimbench.formats.base import Format, House, Scored, Source, only
from claimbench.formats.labelled import COLUMNS, OF_LABELS, label_rows, metrics
from claimbench.formats.labels import label_scores, mean
from claimbench.formats.lines import file_digest
from claimbench.formats.summation import sum_from_left
from claimbench.formats.tables import text_lines
from claimbench.reading.jsonl import Problems
from claimbench.report import Counts, Official

FIGURES = ("average_macro_f1", "macro_f1_of_constant_false")


def _cells(path: str, problems: Problems) -> tuple[list[str], list[list[str]]]:
    """Return the header and the cells of every line after it, white space at both ends of lines removed."""
    rows = []
    header: list[str] = []
    for number, text in text_lines(path):
        cells = text.strip().split("\t")
        if number == 1:
            header = cells
        elif len(cells) < 2:
            problems.add(Problem(path, number, "", "expected two columns or more separated by tabs"))
        else:
            rows.append(cells)
    if not rows:
        problems.add(Problem(path, 0, "", "holds no line after its header"))
    return header, rows


def macro_f1(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """Return scikit-learn's macro F1 over the labels of gold and prediction."""
    return mean(score.f1 for score in label_scores(gold, predicted).values())


def average_macro_f1(
    domains: Sequence[tuple[str, str]], gold: Sequence[str], predicted: Sequence[str]
) -> float:
    """Return the unweighted mean of macro F1 over domains, in the order of the file."""
    parts: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for domain, right, found in zip(domains, gold, predicted, strict=True):
        rights, founds = parts.setdefault(domain, ([], []))
        rights.append(right)
        founds.append(found)
    scores = [macro_f1(*part) for part in parts.values()]
    return sum_from_left(scores) / len(scores)


def read(gold: Sequence[str], predictions: Sequence[str], options: Mapping[str, str]) -> Scored:
    """Read and score; the gold is the file of examples."""
    problems = Problems()
    path = only(gold, "gold")
    header, examples = _cells(path, problems)
    _, found = _cells(only(predictions, "predictions"), problems)
    problems.raise_if_any()
    domains = [(cells[0], cells[1]) for cells in examples]
    refused = None
    official: dict[str, float] = {}
    if len(found) < len(examples):
        refused = f"IndexError: {len(examples)} examples and {len(found)} predictions"
    else:
        gold_labels, predicted = [cells[1] for cells in found], [cells[0] for cells in found]
        count = len(examples)
        official = {
            "average_macro_f1": average_macro_f1(domains, gold_labels[:count], predicted[:count]),
            "macro_f1_of_constant_false": macro_f1(gold_labels, ["false"] * len(found)),
        }
    house, reason = _house(header, examples, found)
    return Scored(
        official=Official(
            definition="X-Fact calculate_fscore.py",
            figures=dict(official),
            counts={"domains": len(set(domains))},
            quirks=() if refused else tuple(_quirks(examples, found)),
            refused=refused,
        ),
        counts=Counts(items=len(examples), missing=0, abstained=0, invalid=0, other_split=0),
        house=house,
        gold=file_digest(path),
        refused=reason,
    )


def _house(
    header: Sequence[str], examples: Sequence[Sequence[str]], found: Sequence[Sequence[str]]
) -> tuple[House | None, str | None]:
    """Lay out rows where every line's gold label is the same in both files, or say why not."""
    if "label" not in header:
        return None, "the examples have no column 'label', so that nothing says which line is which"
    place = header.index("label")
    right = [cells[place] if len(cells) > place else "" for cells in examples]
    if [cells[1] for cells in found] != right:
        return None, "lines meet by position, and the gold labels of the two files differ"
    ids = [str(number) for number in range(2, len(right) + 2)]
    fields = {"language": [cells[0] for cells in examples], "site": [cells[1] for cells in examples]}
    return House(label_rows(ids, right, [cells[0] for cells in found]), fields=fields), None


def _quirks(examples: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> list[str]:
    lines = []
    if len(found) > len(examples):
        lines.append(f"{len(found) - len(examples)} predictions beyond the last example are ignored")
    whole = macro_f1([cells[1] for cells in found], [cells[0] for cells in found])
    lines.append(f"every language and site weighs the same; macro F1 of the whole file is {whole!r}")
    return lines


FORMAT = Format(
    name="xfact",
    task="verification",
    title="X-Fact: claims in 25 languages with seven labels",
    source=Source(
        "github.com/utahnlp/x-fact",
        "scripts/calculate_fscore.py",
        "c58b1ea78753977528485469428ff356a4b837e4",
        "MIT",
    ),
    options={},
    figures=FIGURES,
    quirks=(
        "Lines meet by position; the gold labels are those of the prediction file.",
        "Domains weigh the same, however few claims they have.",
        "Lines lose white space at both ends, so that an empty last column is lost.",
    ),
    headline="macro_f1",
    read=read,
    columns=COLUMNS,
    metrics=metrics,
    of_labels=OF_LABELS,
)
