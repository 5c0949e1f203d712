"""Routes of the student file."""

from maristan.academics.actions.student_import import KIND
from maristan.academics.rules.states import Perm
from maristan.kernel import import_routes
from maristan.kernel.api import Routes

routes = Routes()
import_routes.mount(routes, "/students/imports", KIND, Perm.STUDENT_IMPORT)
