//! Example programs in the documentation of methods: a call of the operation with
//! what it requires, and with what the document gives as examples.

use openapi_prep::{
    Error,
    api::{Api, BaseType, Body, BodyContent, Field, Part, Shape, Type, TypeRef},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::{
    arguments,
    named::{Example, Named},
    pages::Returned,
    singular::singular,
};

/// The overlay's mark of an operation whose method has an example.
const EXAMPLE: &str = "x-example";

/// The example of an operation that is to have one.
///
/// # Errors
///
/// Where something that is required has neither an example nor a value that
/// stands for any other.
pub(super) fn of(api: &Api, module: &str, named: &Named<'_>) -> Result<Option<Example>, Error> {
    if named.operation.extensions.get(EXAMPLE) != Some(&Value::Bool(true)) {
        return Ok(None);
    }
    let mut writer = Writer {
        api,
        uses: Vec::new(),
    };
    let Some(arguments) = writer.arguments(named) else {
        let message = format!("no example of {} can be written", named.operation.title());
        let remedy =
            format!("remove `{EXAMPLE}`, or give the document examples of what is required");
        return Err(Error::new(message)
            .at(&named.operation.pointer)
            .remedy(remedy));
    };
    let mut call = quote!(client);
    for name in [module]
        .into_iter()
        .chain(named.resource.iter().map(String::as_str))
    {
        let name = format_ident!("{name}");
        call = quote!(#call.#name());
    }
    let method = format_ident!("{}", named.method);
    let call = quote!(#call.#method(#(#arguments),*).await?);
    let one = named.resource.last().map(|word| singular(word));
    let one = format_ident!("{}", one.as_deref().unwrap_or("response"));
    let printed = format!("{{{one}:?}}");
    let statements = match &named.returned {
        Returned::Nothing => quote!(#call;),
        Returned::Bytes => quote! {
            let bytes = #call;
            println!("{} bytes", bytes.len());
        },
        Returned::Page(_) => quote! {
            let page = #call;
            for #one in page.items {
                println!(#printed);
            }
        },
        _ => quote! {
            let #one = #call;
            println!(#printed);
        },
    };
    writer.uses.sort();
    writer.uses.dedup();
    Ok(Some(Example {
        uses: writer.uses,
        statements,
    }))
}

impl Example {
    /// The example as a block of documentation.
    pub(super) fn documentation(&self, module: &str) -> Result<String, Error> {
        let (uses, statements) = (self.imports(module), &self.statements);
        let code = syn::parse2(quote! {
            fn example() {
                #uses
                let client = heygen::Client::from_env()?;
                #statements
            }
        })
        .map_err(|e| invalid(&e))?;
        let code = prettyplease::unparse(&code);
        let lines = code.lines().skip(1).filter(|line| *line != "}");
        let lines: Vec<&str> = lines
            .map(|line| line.strip_prefix("    ").unwrap_or(line))
            .collect();
        Ok(format!(
            "```no_run\n# async fn run() -> Result<(), heygen::Error> {{\n{}\n# Ok(())\n# }}\n```",
            lines.join("\n")
        ))
    }

    /// The example as a function.
    pub(super) fn function(&self, module: &str, name: &str) -> TokenStream {
        let (uses, statements) = (self.imports(module), &self.statements);
        let name = format_ident!("{name}");
        quote! {
            async fn #name(client: heygen::Client) -> Result<(), heygen::Error> {
                #uses
                #statements
                Ok(())
            }
        }
    }

    fn imports(&self, module: &str) -> Option<TokenStream> {
        let module = format_ident!("{module}");
        let names = self.uses.iter().map(|name| format_ident!("{name}"));
        (!self.uses.is_empty()).then(|| quote!(use heygen::#module::{#(#names),*};))
    }
}

fn invalid(error: &syn::Error) -> Error {
    Error::new(format!("an example is not valid Rust: {error}"))
}

/// Writes the arguments of an example.
struct Writer<'a> {
    api: &'a Api,
    /// The types that they name.
    uses: Vec<String>,
}

impl Writer<'_> {
    /// The arguments, unless one cannot be written.
    fn arguments(&mut self, named: &Named<'_>) -> Option<Vec<TokenStream>> {
        let mut arguments = Vec::new();
        for (parameter, _) in arguments::of_path(named.operation) {
            let example = parameter.annotations.examples.first();
            let name = Value::String(parameter.name.clone());
            let is_text = arguments::is_text(parameter);
            let example = example.or(is_text.then_some(&name));
            arguments.push(self.value(&parameter.ty, example)?);
        }
        if let Some(name) = &named.query {
            arguments.push(self.query(name, named)?);
        }
        if let Some(body) = &named.operation.body {
            arguments.push(self.body(body)?);
        }
        Some(arguments)
    }

    /// The query: none where nothing is required and nothing has an example.
    fn query(&mut self, name: &str, named: &Named<'_>) -> Option<TokenStream> {
        let (mut required, mut setters) = (Vec::new(), Vec::new());
        for parameter in arguments::of_query(named.operation) {
            let example = parameter.annotations.examples.first();
            let setter = format_ident!("{}", parameter.rust_name);
            if parameter.required {
                required.push(self.value(&parameter.ty, example)?);
            } else if let Some(value) = example.and_then(|e| self.value(&parameter.ty, Some(e))) {
                setters.push(quote!(.#setter(#value)));
            }
        }
        if required.is_empty() && setters.is_empty() {
            return Some(quote!(None));
        }
        let name = self.named(name);
        Some(quote!(#name::new(#(#required),*) #(#setters)*))
    }

    fn body(&mut self, body: &Body) -> Option<TokenStream> {
        let example = body.annotations.examples.first();
        if !body.required && example.is_none() {
            return Some(quote!(None));
        }
        match &body.content {
            BodyContent::Json(ty) | BodyContent::Form(ty) => self.value(ty, example),
            BodyContent::Multipart {
                form: Some(form),
                parts,
            } => {
                let required = parts.iter().filter(|part| part.field.required);
                let values: Option<Vec<_>> = required.map(|part| self.part(part)).collect();
                let (form, values) = (self.named(form), values?);
                Some(quote!(#form::new(#(#values),*)))
            }
            BodyContent::Text => Some(quote!("...")),
            BodyContent::Bytes => Some(quote!(vec![0])),
            BodyContent::Multipart { .. } | _ => None,
        }
    }

    fn part(&mut self, part: &Part) -> Option<TokenStream> {
        if part.file {
            return Some(quote!(heygen::multipart::Part::path("file")));
        }
        let example = part.field.annotations.examples.first();
        self.value(&part.field.ty, example)
    }

    /// The name of a type, which is imported.
    fn named(&mut self, name: &str) -> proc_macro2::Ident {
        self.uses.push(name.to_owned());
        format_ident!("{name}")
    }

    /// A value that a method takes for a type.
    fn value(&mut self, ty: &TypeRef, example: Option<&Value>) -> Option<TokenStream> {
        match (&ty.base, example) {
            (BaseType::String, Some(Value::String(text))) => Some(quote!(#text)),
            (BaseType::String, _) => Some(quote!("...")),
            (BaseType::Boolean, example) => {
                let value = example.and_then(Value::as_bool).unwrap_or(true);
                Some(quote!(#value))
            }
            (BaseType::Integer(_), example) => {
                let value = example.and_then(Value::as_i64).unwrap_or(1);
                let value = proc_macro2::Literal::i64_unsuffixed(value);
                Some(quote!(#value))
            }
            (BaseType::Number(_), example) => {
                let value = example.and_then(Value::as_f64).unwrap_or(1.0);
                let value = proc_macro2::Literal::f64_unsuffixed(value);
                Some(quote!(#value))
            }
            (BaseType::List(item), example) => {
                let items = example.and_then(Value::as_array);
                let first = items.and_then(|items| items.first());
                let item = self.value(item, first)?;
                Some(quote!([#item]))
            }
            (BaseType::Named(_), example) => {
                let ty = self.api.resolve(ty)?.clone();
                self.named_value(&ty, example)
            }
            _ => None,
        }
    }

    fn named_value(&mut self, ty: &Type, example: Option<&Value>) -> Option<TokenStream> {
        match &ty.shape {
            Shape::Struct { fields, .. } => self.structure(&ty.name, fields, example),
            Shape::Enum { values, .. } => {
                let wanted = example.and_then(Value::as_str);
                let known = values
                    .iter()
                    .find(|value| Some(value.value.as_str()) == wanted);
                let variant = format_ident!("{}", known.or(values.first())?.rust_name);
                let name = self.named(&ty.name);
                Some(quote!(#name::#variant))
            }
            Shape::TaggedUnion { tag, variants, .. } => {
                let wanted = example.and_then(|example| example[tag].as_str());
                let has_tag = |tags: &[String]| tags.iter().any(|tag| Some(tag.as_str()) == wanted);
                let known = variants.iter().find(|variant| has_tag(&variant.tags));
                let variant = known.or(variants.first())?;
                let held = &variant.ty;
                let value = self.value(held, example)?;
                let holders = variants.iter().filter(|v| v.ty == *held);
                // A struct of one variant converts into its union.
                if holders.count() == 1 {
                    return Some(value);
                }
                let (name, variant) =
                    (self.named(&ty.name), format_ident!("{}", variant.rust_name));
                Some(quote!(#name::#variant(#value)))
            }
            Shape::Alias(inner) => {
                let inner = self.value(inner, example)?;
                let name = self.named(&ty.name);
                Some(quote!(#name(#inner.into())))
            }
            _ => None,
        }
    }

    /// A struct of a request by its constructor, and by setters for what the
    /// example has besides.
    fn structure(
        &mut self,
        name: &str,
        fields: &[Field],
        example: Option<&Value>,
    ) -> Option<TokenStream> {
        let api = self.api;
        let (mut required, mut setters) = (Vec::new(), Vec::new());
        for field in fields.iter().filter(|field| !is_constant(api, field)) {
            let of_field = example.and_then(|example| example.get(&field.name));
            let of_field = of_field.or(field.annotations.examples.first());
            if field.required && !field.ty.nullable {
                required.push(self.value(&field.ty, of_field)?);
            } else if let Some(value) = example.and_then(|example| example.get(&field.name)) {
                let imported = self.uses.len();
                match self
                    .value(&field.ty, Some(value))
                    .filter(|_| !value.is_null())
                {
                    Some(value) => {
                        let setter = format_ident!("{}", field.rust_name);
                        setters.push(quote!(.#setter(#value)));
                    }
                    None => self.uses.truncate(imported),
                }
            }
        }
        let name = self.named(name);
        Some(quote!(#name::new(#(#required),*) #(#setters)*))
    }
}

/// Whether the constructor fills in a field, since it has one value only.
fn is_constant(api: &Api, field: &Field) -> bool {
    let shape = api.resolve(&field.ty).map(|ty| &ty.shape);
    let is_one = matches!(shape, Some(Shape::Enum { values, open: false }) if values.len() == 1);
    is_one && field.required
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;
    use crate::codegen::resources::{Ledger, names};

    /// The example of an operation with this body and query.
    fn example(body: &Value, query: &Value) -> Result<Option<String>, Error> {
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/videos/{video_id}": {"post": {
                "operationId": "make",
                "x-example": true,
                "parameters": [
                    {"name": "video_id", "in": "path", "required": true, "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "schema": query},
                ],
                "requestBody": {"required": true, "content": {"application/json": body}},
                "responses": {"204": {"description": "done"}},
            }}},
            "components": {"schemas": {
                "Make": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                    "discriminator": {"propertyName": "type", "mapping": {
                        "a": "#/components/schemas/A", "b": "#/components/schemas/B"}}},
                "A": {"type": "object", "required": ["type"], "properties": {"type": {"const": "a"}}},
                "B": {"type": "object", "required": ["type", "name", "kind"], "properties": {
                    "type": {"const": "b"}, "kind": {"type": "string", "enum": ["x"]}, "name": {"type": "string"},
                    "size": {"type": "string", "enum": ["small", "large"]},
                    "tags": {"type": "array", "items": {"type": "string"}}}},
            }},
        });
        let document = Document::from_value(document).unwrap();
        let api = prepare(document, &mut Names::new()).unwrap().api;
        let named = names::assign(&api, "v3", &Ledger::default()).unwrap();
        let example = of(&api, "v3", &named[0])?;
        example
            .map(|example| example.documentation("v3"))
            .transpose()
    }

    #[test]
    fn example_calls_with_what_the_document_gives() {
        let make = json!({"$ref": "#/components/schemas/Make"});
        let given =
            json!({"type": "b", "kind": "x", "name": "Anna", "size": "large", "tags": ["x"]});
        let body = json!({"schema": make, "example": given});
        let text = example(&body, &json!({"type": "integer", "examples": [5]}))
            .unwrap()
            .unwrap();
        let text = text.replace(char::is_whitespace, "");
        for wanted in [
            "useheygen::v3::{B,BSize,CreateVideo};",
            r#".create("video_id",CreateVideo::new().limit(5),"#,
            r#"B::new("Anna").size(BSize::Large).tags(["x"])"#,
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }

    #[test]
    fn example_that_cannot_be_written_is_an_error() {
        let error = example(&json!({"schema": {}}), &json!({"type": "integer"})).unwrap_err();
        assert!(error.to_string().contains("`x-example`"), "{error}");
    }
}
