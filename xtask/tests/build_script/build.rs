fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=api.yaml");
    let document = openapi_prep::Document::parse(&std::fs::read_to_string("api.yaml")?)?;
    let prepared = openapi_prep::prepare(document, &mut openapi_prep::Names::new())?;
    for loss in prepared.report.losses() {
        println!("cargo::warning=api.yaml, {}: {}", loss.pointer, loss.note);
    }
    let spec = serde_json::from_value(prepared.document.as_value().clone())?;
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_hooks(progenitor::HooksMode::Expected).with_inner_type("Key".parse()?);
    let code = progenitor::Generator::new(&settings).generate_tokens(&spec)?.to_string();
    let code = openapi_prep::restore_wire_names(&code, &prepared.document)?;
    std::fs::write(std::env::var("OUT_DIR")? + "/api.rs", code)?;
    Ok(())
}
