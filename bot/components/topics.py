"""Reads the training data the way it is written here: a topic is one file, and its intent need not be listed again."""

from __future__ import annotations

from functools import cached_property

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class TopicImporter(RasaFileImporter):
    """The domain's intents are the ones that the training data give examples of."""

    @cached_property
    def _nlu_data(self) -> TrainingData:
        return super().get_nlu_data()

    def get_nlu_data(self, language: str = "en") -> TrainingData:
        return self._nlu_data

    def get_domain(self) -> Domain:
        intents = sorted(self.get_nlu_data().intents)
        return super().get_domain().merge(Domain.from_dict({"intents": intents}))
