"""Which fields of subjects a survey has results of, and the columns they stand in."""

from thucchat.engine.planning.surveys import annex_of
from thucchat.web.exams.actions.campaigns import result_code
from thucchat.web.exams.models import Campaign


def fields_of(campaign: Campaign) -> dict[str, str]:
    """Fields of the annex that some grade has results of, with the column of each."""
    plan = annex_of(campaign.annex.split(" ")[0])
    rows = campaign.exams.filter(candidates__gt=0).values_list("subjects", flat=True)
    known = {subject for subjects in rows for subject in subjects}
    papers = {paper.field: result_code(paper) for level in plan.levels for paper in level.papers}
    return {field: code for field, code in papers.items() if code in known}
