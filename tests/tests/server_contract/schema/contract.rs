//! The document as a judge: its operations, and whether an answer is one that it describes.

use std::collections::BTreeMap;

use chayan_api::error::{ErrorCode, PROBLEM_JSON, Problem};
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Request, words};

pub(super) struct Contract {
    pub(super) document: Value,
    pub(super) operations: Vec<Operation>,
    problem: Validator,
}

pub(super) struct Operation {
    /// `GET /v1/cases`
    pub(super) id: String,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) needs_token: bool,
    pub(super) body: Option<Value>,
    pub(super) body_validator: Option<Validator>,
    answers: BTreeMap<String, Documented>,
}

pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) required: bool,
    pub(super) schema: Value,
}

/// What the document says of one status.
struct Documented {
    content: Option<(String, Validator)>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Reads an answer; of a stream only its head, for it never ends.
    pub(super) async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let kind =
            response.headers().get("content-type").and_then(|kind| kind.to_str().ok().map(str::to_owned));
        let streams = kind.as_deref().is_some_and(|kind| kind.starts_with("text/event-stream"));
        let body = if streams { Vec::new() } else { response.bytes().await.unwrap().to_vec() };
        Self { status, kind, body }
    }

    pub(super) fn shown(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(300).collect()
    }
}

impl Contract {
    pub(super) fn of(document: &Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                operations.push(Operation::of(document, path, &method.to_uppercase(), operation));
            }
        }
        let problem = validator(document, &json!({ "$ref": "#/components/schemas/Problem" }));
        Self { document: document.clone(), operations, problem }
    }

    /// Whether the answer is one that the document describes. `open`: the token opens what the operation needs.
    pub(super) fn judge(&self, request: &Request<'_>, open: bool, answer: &Answer) -> Result<(), String> {
        if answer.status >= 500 {
            return Err("a fault of the server".to_owned());
        }
        let method = if request.method == Method::HEAD { Method::GET } else { request.method.clone() };
        let same_path = self
            .operations
            .iter()
            .find(|other| other.path == request.operation.path && other.method == method);
        match answer.status {
            200..400 if !open && request.method == request.operation.method => {
                Err("done without a token".to_owned())
            }
            200..400 if !request.fits && same_path.is_some_and(|operation| operation.body.is_some()) => {
                Err("a body that the document forbids was taken".to_owned())
            }
            200..400 => match same_path {
                Some(operation) => operation.judge(answer),
                None => Err(format!("{method} is not documented")),
            },
            _ => self.judge_problem(answer),
        }
    }

    fn judge_problem(&self, answer: &Answer) -> Result<(), String> {
        if answer.kind.as_deref() != Some(PROBLEM_JSON) {
            return Err(format!("content type {:?}", answer.kind));
        }
        let body: Value = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
        fits(&self.problem, &body)?;
        let problem: Problem = serde_json::from_value(body).map_err(|error| error.to_string())?;
        let code: ErrorCode = problem.code;
        if problem.status != answer.status || code.status() != answer.status {
            return Err(format!("{code:?} with status {}", problem.status));
        }
        if problem.request_id.is_none() { Err("no request id".to_owned()) } else { Ok(()) }
    }
}

impl Operation {
    fn of(document: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let parameters =
            operation["parameters"].as_array().into_iter().flatten().map(Parameter::of).collect();
        let body = operation["requestBody"]["content"]["application/json"].get("schema").cloned();
        let answers = operation["responses"].as_object().unwrap();
        Self {
            id: format!("{method} {path}"),
            method: method.parse().unwrap(),
            path: path.to_owned(),
            parameters,
            needs_token: operation.get("security").is_some(),
            body_validator: body.as_ref().map(|schema| validator(document, schema)),
            body,
            answers: answers
                .iter()
                .map(|(status, answer)| (status.clone(), Documented::of(document, answer)))
                .collect(),
        }
    }

    fn judge(&self, answer: &Answer) -> Result<(), String> {
        let documented = self
            .answers
            .get(&answer.status.to_string())
            .ok_or_else(|| format!("status {} is not documented", answer.status))?;
        let Some((kind, schema)) = &documented.content else {
            return if answer.body.is_empty() {
                Ok(())
            } else {
                Err("a body where none is documented".to_owned())
            };
        };
        if !answer.kind.as_ref().is_some_and(|found| found.starts_with(kind.as_str())) {
            return Err(format!("content type {:?} instead of {kind}", answer.kind));
        }
        if kind == "text/event-stream" || kind == "application/octet-stream" {
            return Ok(());
        }
        let body = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
        fits(schema, &body)
    }
}

impl Parameter {
    fn of(parameter: &Value) -> Self {
        Self {
            name: words(&parameter["name"]).to_owned(),
            place: words(&parameter["in"]).to_owned(),
            required: parameter["required"].as_bool().unwrap_or_default(),
            schema: parameter["schema"].clone(),
        }
    }
}

impl Documented {
    fn of(document: &Value, answer: &Value) -> Self {
        let content = answer["content"].as_object().and_then(|content| content.iter().next());
        Self {
            content: content.map(|(kind, content)| (kind.clone(), validator(document, &content["schema"]))),
        }
    }
}

fn validator(document: &Value, schema: &Value) -> Validator {
    let mut whole = schema.clone();
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["components"] = json!({ "schemas": document["components"]["schemas"] });
    jsonschema::validator_for(&whole).unwrap()
}

fn fits(schema: &Validator, body: &Value) -> Result<(), String> {
    let faults: Vec<String> = schema
        .iter_errors(body)
        .map(|error| format!("{} at {}", error.masked(), error.instance_path()))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}
