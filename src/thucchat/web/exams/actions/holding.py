"""A school's part in a survey, locked for an act: closing waits for the act, or the act finds it closed."""

from django.db import connection

from thucchat.web.exams.models import Campaign, Site


def listed_site(site_id: int) -> tuple[Site, Campaign]:
    """For changes of a frozen list. Raises RuleBroken: `campaign.closed`, `campaign.not_listed`."""
    site, campaign = _locked(site_id)
    campaign.demand_listed()
    return site, campaign


def running_site(site_id: int) -> Site:
    """For what is sent in. Raises RuleBroken: `campaign.closed`, `campaign.not_running`."""
    site, campaign = _locked(site_id)
    campaign.demand_running()
    return site


def _locked(site_id: int) -> tuple[Site, Campaign]:
    """The site for this act alone; its campaign shared with the acts of other schools."""
    site = Site.objects.select_for_update(of=("self",)).select_related("exam").get(pk=site_id)
    assert site.exam.campaign_id is not None  # sites are of exams of a campaign
    return site, shared_campaign(site.exam.campaign_id)


def shared_campaign(campaign_id: int) -> Campaign:
    """The campaign as it stands, kept from changing until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM exams_campaign WHERE id = %s FOR SHARE", [campaign_id])
    return Campaign.objects.get(pk=campaign_id)
