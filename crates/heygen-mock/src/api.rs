//! Routing: matches a request to an operation, has it checked, and returns the
//! success response or a refusal. No sockets here.

use crate::check;
use crate::deprecation;
use crate::envelope::{Generation, usual_message};
use crate::fault::Fault;
use crate::operation_name::Named;
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::route::{PathValues, Template};
use crate::state::State;
use crate::store;
use crate::table::{Collection, Operation, Table};

/// Every operation of every table. Where two tables have the same operation, the
/// one added last responds.
#[derive(Debug, Default)]
pub(crate) struct Api {
    operations: Vec<Route>,
}

/// An operation and its parsed path.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) template: Template,
    pub(crate) operation: &'static Operation,
}

impl Api {
    /// The operations of the embedded tables.
    pub(crate) fn embedded() -> Self {
        let mut api = Self::default();
        for table in crate::generated::TABLES {
            api.add(table);
        }
        api
    }

    /// Adds the operations of a table.
    pub(crate) fn add(&mut self, table: &Table) {
        let added = table.operations.iter().flat_map(|resource| resource.iter());
        let added: Vec<Route> = added
            .map(|operation| Route {
                template: Template::parse(operation.path),
                operation,
            })
            .collect();
        let replaced = |old: &Route| {
            added.iter().any(|new| {
                old.operation.method == new.operation.method
                    && old.template.same_paths(&new.template)
            })
        };
        self.operations.retain(|old| !replaced(old));
        self.operations.extend(added);
    }

    /// The response to a request, modified by the injected fault: with the
    /// status and body of the fault if it sets them, else the documented ones.
    pub(crate) fn respond(
        &self,
        state: &State,
        request: &RecordedRequest,
        fault: &Fault,
    ) -> MockResponse {
        let found = self.find(request);
        let mut response = match fault.status {
            None => match &found {
                None => self.not_found(request),
                Some((operation, path)) => respond(state, operation, request, path),
            },
            Some(status @ 200..=299) => {
                let mut response = found.as_ref().map_or_else(
                    || MockResponse::empty(status),
                    |(operation, path)| {
                        let response = state.respond(operation, request, path);
                        response.unwrap_or_else(|_| MockResponse::of(&operation.success))
                    },
                );
                response.status = status;
                response
            }
            Some(status) => {
                let status = if (200..1000).contains(&status) {
                    status
                } else {
                    500
                };
                let failures = found.as_ref().map_or(&[][..], |(found, _)| found.failures);
                let documented = failures.iter().find(|failure| failure.status == status);
                documented.map_or_else(
                    || Generation::of(&request.path).failure(status, usual_message(status), None),
                    MockResponse::of,
                )
            }
        };
        if let Some((operation, path)) = &found {
            deprecation::add_headers(&operation.deprecation, path, &mut response);
        }
        fault.apply(&request.path, response)
    }

    /// Id, method and path template of every operation.
    pub(crate) fn names(&self) -> impl Iterator<Item = Named<'_>> + Clone {
        let operations = self.operations.iter().map(|route| route.operation);
        operations.map(|operation| (operation.id, operation.method, operation.path))
    }

    /// The id of the operation for a request.
    pub(crate) fn operation_id(&self, request: &RecordedRequest) -> Option<&'static str> {
        Some(self.find(request)?.0.id)
    }

    /// The collections of all operations, each as often as it is named.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &'static Collection> {
        let operations = self.operations.iter().map(|route| route.operation);
        operations.flat_map(|operation| {
            let objects = operation.objects.iter().map(|(_, collection)| *collection);
            objects.chain(operation.role.collections())
        })
    }

    /// The operation for a request. HEAD is served as GET where it is not
    /// declared.
    pub(crate) fn find(
        &self,
        request: &RecordedRequest,
    ) -> Option<(&'static Operation, PathValues)> {
        let with = |method: &str| {
            self.matching(&request.path)
                .filter(|(route, _)| route.operation.method == method)
                .min_by(|(a, _), (b, _)| a.template.compare_specificity(&b.template))
        };
        with(&request.method)
            .or_else(|| (request.method == "HEAD").then(|| with("GET")).flatten())
            .map(|(route, path)| (route.operation, path))
    }

    /// The known ids of a path parameter: those of the operation's examples, then
    /// those of its collection.
    pub(crate) fn known_ids(&self, operation_id: &str, parameter: &str) -> Vec<String> {
        let mut operations = self.operations.iter().map(|route| route.operation);
        let operation = operations.find(|operation| operation.id == operation_id);
        let Some(operation) = operation else {
            return Vec::new();
        };
        let own = operation.known.iter();
        let own = own.filter(|known| known.parameter == parameter);
        let own = own.flat_map(|known| known.ids.iter().map(|id| (*id).to_owned()));
        let objects = operation.objects.iter();
        let objects = objects.filter(|(name, _)| *name == parameter);
        let mut ids: Vec<String> = Vec::new();
        for id in own.chain(objects.flat_map(|(_, collection)| store::example_ids(collection))) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    fn matching(&self, path: &str) -> impl Iterator<Item = (&Route, PathValues)> {
        self.operations
            .iter()
            .filter_map(move |route| Some((route, route.template.match_path(path)?)))
    }

    /// 405 if the path has other methods, else 404.
    fn not_found(&self, request: &RecordedRequest) -> MockResponse {
        let generation = Generation::of(&request.path);
        let mut methods: Vec<&str> = self
            .matching(&request.path)
            .map(|(route, _)| route.operation.method)
            .collect();
        if methods.is_empty() {
            let message = "There is no such operation; check the path.";
            return generation.failure(404, message, None);
        }
        methods.sort_unstable();
        methods.dedup();
        let allow = methods.join(", ");
        let message = format!("This path allows {allow}, not {}.", request.method);
        let mut response = generation.failure(405, &message, None);
        response.set("allow", &allow);
        response
    }
}

/// The success response, or the refusal of an invalid request.
fn respond(
    state: &State,
    operation: &'static Operation,
    request: &RecordedRequest,
    path: &PathValues,
) -> MockResponse {
    let checked = check::check(operation, request, path);
    checked
        .and_then(|()| state.respond(operation, request, path))
        .unwrap_or_else(|refusal| refusal.response(operation, &request.path))
}

#[cfg(test)]
mod tests;
