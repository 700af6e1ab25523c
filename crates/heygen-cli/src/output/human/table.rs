//! Tables: a line an item, padded columns.

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

use super::value::{inline, label, one_line, sorted};
use crate::table::Column;

/// Spaces between columns.
const GAP: usize = 2;

/// A text, and the SGR parameter of its colour.
type Cell = (String, Option<u8>);

/// Lays objects out in these columns, else in the fields of the
/// `first` one that has some.
pub(super) fn of_objects(
    rows: &[&Map<String, Value>],
    first: &Map<String, Value>,
    columns: &[Column],
    colours: bool,
) -> String {
    let all = sorted(first);
    let has = |column: &Column| rows.iter().any(|row| row.contains_key(column.field));
    let chosen: Vec<(String, &str)> = if columns.iter().any(has) {
        let columns = columns.iter();
        columns
            .map(|column| (column.title.to_owned(), column.field))
            .collect()
    } else {
        all.iter().map(|(name, _)| (label(name), *name)).collect()
    };
    let row = |row: &&Map<String, Value>| {
        let cells = chosen
            .iter()
            .map(|(_, field)| cell(field, row.get(*field), colours));
        cells.collect::<Vec<_>>()
    };
    let titles = chosen
        .iter()
        .map(|(title, _)| (title.clone(), None))
        .collect();
    let table: Vec<Vec<Cell>> = std::iter::once(titles)
        .chain(rows.iter().map(row))
        .collect();
    let mut text = padded(&table);
    let (shown, all) = (chosen.len(), all.len());
    if shown < all {
        text += &format!("Showing {shown} of {all} columns; JSON has all of them\n");
    }
    text
}

/// Lays scalars out, one a line.
pub(super) fn of_scalars(items: &[Value], colours: bool) -> String {
    let title = vec![("Value".to_owned(), None)];
    let rows = items
        .iter()
        .map(|item| vec![cell("value", Some(item), colours)]);
    padded(&std::iter::once(title).chain(rows).collect::<Vec<_>>())
}

fn cell(field: &str, value: Option<&Value>, colours: bool) -> Cell {
    let text = match value {
        None => String::new(),
        Some(Value::String(text)) => {
            one_line(&text.replace("\r\n", " ").replace(['\n', '\r'], " "))
        }
        Some(value) => inline(field, value),
    };
    let is_state = ["status", "state"].iter().any(|end| field.ends_with(end));
    let colour = if colours && is_state {
        colour(&text)
    } else {
        None
    };
    (text, colour)
}

/// Green, yellow or red for a state that is known.
fn colour(state: &str) -> Option<u8> {
    match state {
        "completed" | "active" | "enabled" | "success" => Some(32),
        "processing" | "pending" | "in_progress" => Some(33),
        "failed" | "error" | "disabled" => Some(31),
        _ => None,
    }
}

fn padded(table: &[Vec<Cell>]) -> String {
    let mut widths = vec![0; table.first().map_or(0, Vec::len)];
    for row in table {
        for (width, (text, _)) in widths.iter_mut().zip(row) {
            *width = text.width().max(*width);
        }
    }
    let mut lines = String::new();
    for row in table {
        let mut line = String::new();
        for ((text, colour), width) in row.iter().zip(&widths) {
            let pad = width - text.width() + GAP;
            line += &match colour {
                Some(colour) => format!("\u{1b}[{colour}m{text}\u{1b}[0m{:pad$}", ""),
                None => format!("{text}{:pad$}", ""),
            };
        }
        lines += line.trim_end_matches(' ');
        lines.push('\n');
    }
    lines
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
            .flat_map(Value::as_object)
            .collect();
        of_objects(&rows, rows[0], columns, false)
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
        let text = of_objects(&[row], row, COLUMNS, true);
        assert_eq!(
            text,
            "ID  Title   Status\n    failed  \u{1b}[31mfailed\u{1b}[0m\n"
        );
    }

    #[test]
    fn scalars_are_one_column() {
        assert_eq!(
            of_scalars(&[json!("b"), json!("a")], false),
            "Value\nb\na\n"
        );
    }
}
