"""The description of the API and its page, for signed-in people; the page's files are our own."""

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

from dispatch.api.base import SIGNED_IN, Endpoint


class Schema(Endpoint, SpectacularAPIView):
    """The OpenAPI description."""

    verb = SIGNED_IN
    schema = None
    renderer_classes = [OpenApiJsonRenderer]


class Docs(Endpoint, SpectacularSwaggerSplitView):
    """The page that shows it."""

    verb = SIGNED_IN
    schema = None
    renderer_classes = [TemplateHTMLRenderer]
