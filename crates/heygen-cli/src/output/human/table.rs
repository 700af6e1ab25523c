//! Tables: a line an item, padded columns.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::value::{inline, label, sorted};
use crate::table::Column;

/// Lays a list out: objects in these columns, else in the fields of the first one;
/// others in one column.
pub(super) fn layout(items: &[Value], columns: &[Column]) -> String {
    let names = items.iter().map(|item| match item {
        Value::Object(fields) => sorted(fields).into_iter().map(|(name, _)| name).collect(),
        _ => vec!["value"],
    });
    let all: Vec<&str> = names
        .into_iter()
        .find(|all| !all.is_empty())
        .unwrap_or_default();
    if all.is_empty() {
        return "No results.\n".to_owned();
    }
    let mut chosen: Vec<(String, &str)> = columns
        .iter()
        .map(|(title, field)| ((*title).to_owned(), *field))
        .collect();
    let is_in = |field: &str| items.iter().any(|item| item.get(field).is_some());
    if !chosen.iter().any(|(_, field)| is_in(field)) {
        chosen = all.iter().map(|name| (label(name), *name)).collect();
    }
    let mut lines = vec![String::new(); items.len() + 1];
    for (title, field) in &chosen {
        let cell = |item: &Value| match item {
            Value::Object(fields) => fields.get(*field).map(|value| inline(field, value)),
            other => Some(inline(field, other)),
        };
        let cells = items.iter().map(|item| cell(item).unwrap_or_default());
        let cells: Vec<String> = std::iter::once(title.clone()).chain(cells).collect();
        let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
        for (line, cell) in lines.iter_mut().zip(cells) {
            let pad = " ".repeat(width - cell.width() + 2);
            *line += &(coloured(cell) + &pad);
        }
    }
    let (shown, all) = (chosen.len(), all.len());
    if shown < all {
        lines.push(format!(
            "Showing {shown} of {all} columns; JSON has all of them"
        ));
    }
    let trimmed = lines.iter().map(|line| line.trim_end_matches(' '));
    trimmed.flat_map(|line| [line, "\n"]).collect()
}

/// A cell in green, yellow or red if it is a state that is known.
fn coloured(cell: String) -> String {
    let colour = match cell.as_str() {
        "completed" | "active" | "enabled" | "success" => 32,
        "processing" | "pending" | "in_progress" => 33,
        "failed" | "error" | "disabled" => 31,
        _ => return cell,
    };
    format!("\u{1b}[{colour}m{cell}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table(rows: &Value, columns: &[Column]) -> String {
        layout(rows.as_array().unwrap(), columns)
    }

    const COLUMNS: &[Column] = &[("ID", "id"), ("Title", "title"), ("Status", "status")];

    #[test]
    fn columns_are_padded_by_their_width_on_the_screen() {
        let rows = json!([
            {"id": "v1", "title": "こんにちは", "status": "ready"},
            {"id": "v10", "title": "e\u{301}t\ne", "status": null},
            {"title": "a\u{1b}[31m"},
        ]);
        let expected = "\
ID   Title        Status
v1   こんにちは   ready
v10  e\u{301}t e
     a\\u{1b}[31m
";
        assert_eq!(table(&rows, COLUMNS), expected);
    }

    #[test]
    fn columns_that_are_not_shown_are_counted() {
        let rows = json!([{"id": 1, "title": 2, "status": 3, "z": 4}, {"y": 1, "x": 1}]);
        let text = table(&rows, COLUMNS);
        assert!(
            text.ends_with("\nShowing 3 of 4 columns; JSON has all of them\n"),
            "{text}"
        );
        assert!(!table(&json!([{"id": 1}]), COLUMNS).contains("Showing"));
    }

    #[test]
    fn columns_are_the_fields_of_the_first_row_where_none_are_known() {
        let rows = json!([{"b_id": true, "a": {"n": 1, "m": [2]}}, {"c": 1}]);
        let expected = "A                B ID\n{\"n\":1,\"m\":[2]}  true\n\n";
        assert_eq!(table(&rows, &[]), expected);
        assert_eq!(table(&rows, COLUMNS), expected);
    }

    #[test]
    fn states_are_coloured() {
        let rows = json!([{"status": "failed", "title": "A"}]);
        assert_eq!(
            table(&rows, COLUMNS),
            "ID  Title  Status\n    A      \u{1b}[31mfailed\u{1b}[0m\n"
        );
    }
}
