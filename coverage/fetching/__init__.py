"""Open data of an area, fetched into a study folder. The only room that uses the network, and only when told to."""

from coverage.fetching.run import SOURCES as SOURCES
from coverage.fetching.run import Fetched as Fetched
from coverage.fetching.run import fetch_area as fetch_area
