"""Routes of the bulk file of teachers."""

from maristan.directory.actions.faculty_import import KIND
from maristan.directory.rules.states import Perm
from maristan.kernel import import_routes
from maristan.kernel.api import Routes

routes = Routes()
import_routes.mount(routes, "/faculty/imports", KIND, Perm.FACULTY_IMPORT)
