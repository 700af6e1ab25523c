//! Tables: a line an item, padded columns.

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

use super::value::{inline, label, one_line, sorted};
use crate::table::Column;

/// Spaces between columns.
const GAP: usize = 2;

/// Lays objects out in these columns, else in the fields of the first one.
pub(super) fn layout(
    rows: &[&Map<String, Value>],
    first: &Map<String, Value>,
    columns: &[Column],
    colours: bool,
) -> String {
    let all = sorted(first);
    let mut chosen: Vec<(String, &str)> = Vec::new();
    if columns
        .iter()
        .any(|column| rows.iter().any(|row| row.contains_key(column.field)))
    {
        chosen.extend(
            columns
                .iter()
                .map(|column| (column.title.to_owned(), column.field)),
        );
    } else {
        chosen.extend(all.iter().map(|(name, _)| (label(name), *name)));
    }
    let mut lines = vec![String::new(); rows.len() + 1];
    for (title, field) in &chosen {
        let cells = rows.iter().map(|row| {
            row.get(*field)
                .map(|value| cell(field, value))
                .unwrap_or_default()
        });
        let cells: Vec<String> = std::iter::once(title.clone()).chain(cells).collect();
        let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
        for (line, cell) in lines.iter_mut().zip(cells) {
            let pad = width - cell.width() + GAP;
            let colour = colour(field, &cell).filter(|_| colours);
            *line += &colour.map_or(cell.clone(), |colour| {
                format!("\u{1b}[{colour}m{cell}\u{1b}[0m")
            });
            *line += &" ".repeat(pad);
        }
    }
    let (shown, all) = (chosen.len(), all.len());
    if shown < all {
        lines.push(format!(
            "Showing {shown} of {all} columns; JSON has all of them"
        ));
    }
    lines
        .iter()
        .map(|line| line.trim_end_matches(' ').to_owned() + "\n")
        .collect()
}

fn cell(field: &str, value: &Value) -> String {
    match value {
        Value::String(text) => one_line(&text.replace("\r\n", " ").replace(['\n', '\r'], " ")),
        other => inline(field, other),
    }
}

/// The SGR parameter of green, yellow or red for a state that is known.
fn colour(field: &str, state: &str) -> Option<u8> {
    match state {
        _ if !field.ends_with("status") && !field.ends_with("state") => None,
        "completed" | "active" | "enabled" | "success" => Some(32),
        "processing" | "pending" | "in_progress" => Some(33),
        "failed" | "error" | "disabled" => Some(31),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table(rows: &Value, columns: &[Column]) -> String {
        let rows: Vec<_> = rows
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_object)
            .collect();
        layout(&rows, rows[0], columns, false)
    }

    const COLUMNS: &[Column] = &[
        Column {
            title: "ID",
            field: "id",
        },
        Column {
            title: "Title",
            field: "title",
        },
        Column {
            title: "Status",
            field: "status",
        },
    ];

    #[test]
    fn columns_are_padded_by_their_width_on_the_screen() {
        let rows = json!([
            {"id": "v1", "title": "こんにちは", "status": "completed"},
            {"id": "v10", "title": "e\u{301}t\ne", "status": null},
            {"title": "a\u{1b}[31m"},
        ]);
        let expected = "\
ID   Title        Status
v1   こんにちは   completed
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
    fn only_states_are_coloured() {
        let row = json!({"status": "failed", "title": "failed"});
        let row = row.as_object().unwrap();
        let text = layout(&[row], row, COLUMNS, true);
        assert_eq!(
            text,
            "ID  Title   Status\n    failed  \u{1b}[31mfailed\u{1b}[0m\n"
        );
    }
}
