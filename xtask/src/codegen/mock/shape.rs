//! Shapes of requests: a schema as an expression of the mock's `Shape`, each
//! named schema as a static.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase as _;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::resolve::Resolver;

/// The prefix of references to named schemas.
const COMPONENTS: &str = "#/components/schemas/";

/// The shape of a schema.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// The static of a named schema.
    Static(Ident),
    /// A value.
    Value(TokenStream),
}

impl Expression {
    /// An expression of type `&'static Shape`.
    pub(super) fn reference(&self) -> TokenStream {
        match self {
            Self::Static(name) => quote!(&#name),
            Self::Value(value) => quote!(&#value),
        }
    }

    /// An expression of type `Shape`.
    fn value(self) -> TokenStream {
        match self {
            Self::Static(name) => quote!(Shape::AllOf(&[&#name])),
            Self::Value(value) => value,
        }
    }
}

/// The named schemas that were referred to, each with its resources and its
/// expression.
#[derive(Debug)]
pub(super) struct Shapes<'d> {
    document: Resolver<'d>,
    pub(super) named: BTreeMap<&'d str, Named>,
}

/// A named schema.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// The resources whose requests contain it.
    pub(super) resources: BTreeSet<String>,
    pub(super) shape: TokenStream,
    /// The named schemas that it refers to.
    inner: BTreeSet<String>,
}

impl<'d> Shapes<'d> {
    pub(super) fn new(document: Resolver<'d>) -> Self {
        Self {
            document,
            named: BTreeMap::new(),
        }
    }

    /// The shape of a request of a resource.
    pub(super) fn shape(&mut self, schema: &'d Value, resource: &str) -> Expression {
        let mut inner = BTreeSet::new();
        let shape = self.value(schema, &mut inner);
        let mut open: Vec<String> = inner.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if seen.insert(name.clone())
                && let Some(named) = self.named.get_mut(name.as_str())
            {
                named.resources.insert(resource.to_owned());
                open.extend(named.inner.iter().cloned());
            }
        }
        shape
    }

    fn value(&mut self, schema: &'d Value, inner: &mut BTreeSet<String>) -> Expression {
        if let Some(name) = self.component(schema) {
            inner.insert(name.to_owned());
            return Expression::Static(static_name(name));
        }
        let schema = self.document.resolve(schema);
        if schema == &Value::Bool(false) {
            return Expression::Value(quote!(Shape::Never));
        }
        let named = types(schema);
        let is_nullable = named.contains(&"null") || schema["nullable"] == true;
        let kinds: Vec<&str> = named.into_iter().filter(|name| *name != "null").collect();
        let mut parts: Vec<Expression> = Vec::new();
        let mut null = is_nullable;
        if let Some(values) = values(schema) {
            let (nulls, values): (Vec<_>, Vec<_>) = values.into_iter().partition(|v| v.is_null());
            null |= !nulls.is_empty();
            let values = values.iter().map(ToString::to_string);
            parts.push(Expression::Value(quote!(Shape::Values(&[#(#values),*]))));
        } else if kinds.len() > 1 {
            let alternatives: Vec<_> = kinds
                .iter()
                .map(|name| self.of_type(name, schema, inner))
                .collect();
            parts.push(Expression::Value(
                quote!(Shape::AnyOf(&[#(&#alternatives),*])),
            ));
        } else if let Some(name) = kinds.first().copied().or_else(|| implied(schema)) {
            parts.push(Expression::Value(self.of_type(name, schema, inner)));
        }
        for key in ["anyOf", "oneOf"] {
            let (nulls, choices): (Vec<_>, Vec<_>) = list(schema, key)
                .iter()
                .partition(|choice| types(self.document.resolve(choice)) == ["null"]);
            null |= !nulls.is_empty();
            parts.extend(self.union(schema, &choices, inner));
        }
        for part in list(schema, "allOf") {
            parts.push(self.value(part, inner));
        }
        let shape = match parts.len() {
            0 if null => return Expression::Value(quote!(Shape::Null)),
            0 => Expression::Value(quote!(Shape::Any)),
            1 => parts.remove(0),
            _ => {
                let parts = parts.iter().map(Expression::reference);
                Expression::Value(quote!(Shape::AllOf(&[#(#parts),*])))
            }
        };
        if null {
            let shape = shape.reference();
            return Expression::Value(quote!(Shape::Nullable(#shape)));
        }
        shape
    }

    /// The name of the schema that a reference leads to, whose shape is then
    /// known.
    fn component(&mut self, schema: &'d Value) -> Option<&'d str> {
        let name = schema.get("$ref")?.as_str()?.strip_prefix(COMPONENTS)?;
        let target = self.document.root().pointer("/components/schemas")?;
        let target = target.get(name)?;
        if !self.named.contains_key(name) {
            // Known before its shape is, as it may contain itself.
            self.named.insert(name, Named::default());
            let mut inner = BTreeSet::new();
            let shape = self.value(target, &mut inner).value();
            let named = self.named.entry(name).or_default();
            (named.shape, named.inner) = (shape, inner);
        }
        Some(name)
    }

    fn union(
        &mut self,
        schema: &'d Value,
        choices: &[&'d Value],
        inner: &mut BTreeSet<String>,
    ) -> Option<Expression> {
        if let Some((property, mapping)) = mapping(schema) {
            let tagged = mapping.into_iter().map(|(tag, choice)| {
                let choice = choices.iter().find(|found| {
                    let reference = found.get("$ref").and_then(Value::as_str);
                    reference.is_some_and(|r| r == choice || r.rsplit('/').next() == Some(choice))
                })?;
                let shape = self.value(choice, inner).reference();
                Some(quote!((#tag, #shape)))
            });
            if let Some(tagged) = tagged.collect::<Option<Vec<_>>>() {
                return Some(Expression::Value(
                    quote!(Shape::Tagged(#property, &[#(#tagged),*])),
                ));
            }
        }
        let shapes: Vec<_> = choices.iter().map(|c| self.value(c, inner)).collect();
        match shapes.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            shapes => {
                let shapes = shapes.iter().map(Expression::reference);
                Some(Expression::Value(quote!(Shape::AnyOf(&[#(#shapes),*]))))
            }
        }
    }

    fn of_type(
        &mut self,
        name: &str,
        schema: &'d Value,
        inner: &mut BTreeSet<String>,
    ) -> TokenStream {
        match name {
            "boolean" => quote!(Shape::Boolean),
            "integer" => range(schema).map_or_else(
                || quote!(Shape::Integer(Range::ANY)),
                |range| quote!(Shape::Integer(#range)),
            ),
            "number" => range(schema).map_or_else(
                || quote!(Shape::Number(Range::ANY)),
                |range| quote!(Shape::Number(#range)),
            ),
            "string" => text(schema),
            "array" => {
                let items = schema.get("items").map(|items| self.value(items, inner));
                let items = items.map_or_else(|| quote!(&Shape::Any), |items| items.reference());
                let (least, greatest) = bounds(schema, "minItems", "maxItems");
                quote!(Shape::Array(#items, #least, #greatest))
            }
            "object" => self.object(schema, inner),
            _ => quote!(Shape::Any),
        }
    }

    fn object(&mut self, schema: &'d Value, inner: &mut BTreeSet<String>) -> TokenStream {
        let required: Vec<&str> = list(schema, "required")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut fields = Vec::new();
        for (name, property) in properties.into_iter().flatten() {
            let shape = self.value(property, inner).reference();
            let read_only = self.document.get(property, "readOnly");
            let is_read_only = read_only == Some(&Value::Bool(true))
                || self.document.resolve(property)["readOnly"] == true;
            let constructor = if required.contains(&name.as_str()) && !is_read_only {
                quote!(required)
            } else {
                quote!(optional)
            };
            fields.push(quote!(Field::#constructor(#name, #shape)));
        }
        for name in required {
            if properties.is_none_or(|all| !all.contains_key(name)) {
                fields.push(quote!(Field::required(#name, &Shape::Any)));
            }
        }
        let rest = match schema.get("additionalProperties") {
            Some(rest) => self.value(rest, inner).reference(),
            None => quote!(&Shape::Any),
        };
        quote!(Shape::Object(&[#(#fields),*], #rest))
    }
}

/// The static that has the shape of a named schema.
pub(super) fn static_name(name: &str) -> Ident {
    format_ident!("{}", name.to_shouty_snake_case())
}

/// The values that a schema allows.
fn values(schema: &Value) -> Option<Vec<&Value>> {
    if let Some(value) = schema.get("const") {
        return Some(vec![value]);
    }
    schema
        .get("enum")?
        .as_array()
        .map(|all| all.iter().collect())
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The type that keywords suggest.
fn implied(schema: &Value) -> Option<&'static str> {
    let has = |key: &str| schema.get(key).is_some();
    if has("properties") || has("required") {
        return Some("object");
    }
    has("items").then_some("array")
}

/// The property of a discriminator, and the schema of each tag. The mapping's
/// values are references or names of schemas; some vendors write reference
/// objects.
fn mapping(schema: &Value) -> Option<(&str, Vec<(&str, &str)>)> {
    let discriminator = schema.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    let pairs = mapping.iter().map(|(tag, target)| {
        let target = target.get("$ref").unwrap_or(target).as_str()?;
        Some((tag.as_str(), target))
    });
    Some((property, pairs.collect::<Option<Vec<_>>>()?))
}

fn range(schema: &Value) -> Option<TokenStream> {
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    let (least, above) = match number("exclusiveMinimum") {
        Some(least) => (Some(least), true),
        None => (
            number("minimum"),
            schema["exclusiveMinimum"] == Value::Bool(true),
        ),
    };
    let (greatest, below) = match number("exclusiveMaximum") {
        Some(greatest) => (Some(greatest), true),
        None => (
            number("maximum"),
            schema["exclusiveMaximum"] == Value::Bool(true),
        ),
    };
    if least.is_none() && greatest.is_none() {
        return None;
    }
    let least = least.map_or_else(|| quote!(f64::NEG_INFINITY), literal);
    let greatest = greatest.map_or_else(|| quote!(f64::INFINITY), literal);
    let above = above.then(|| quote!(.above()));
    let below = below.then(|| quote!(.below()));
    Some(quote!(Range::of(#least, #greatest) #above #below))
}

fn literal(number: f64) -> TokenStream {
    let literal = Literal::f64_unsuffixed(number.abs());
    if number.is_sign_negative() {
        quote!(-#literal)
    } else {
        quote!(#literal)
    }
}

fn text(schema: &Value) -> TokenStream {
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let pattern = pattern.map(|pattern| quote!(.pattern(#pattern)));
    let has = |key: &str| schema.get(key).is_some();
    let text = if has("minLength") || has("maxLength") {
        let (least, greatest) = bounds(schema, "minLength", "maxLength");
        quote!(Text::of(#least, #greatest))
    } else {
        quote!(Text::ANY)
    };
    quote!(Shape::Text(#text #pattern))
}

fn bounds(schema: &Value, least: &str, greatest: &str) -> (TokenStream, TokenStream) {
    let number = |key: &str| {
        let number = schema.get(key)?.as_u64()?;
        let literal = Literal::u64_unsuffixed(number);
        Some(quote!(#literal))
    };
    (
        number(least).unwrap_or_else(|| quote!(0)),
        number(greatest).unwrap_or_else(|| quote!(usize::MAX)),
    )
}

fn list<'d>(schema: &'d Value, key: &str) -> &'d [Value] {
    let found = schema.get(key).and_then(Value::as_array);
    found.map_or(&[], Vec::as_slice)
}
