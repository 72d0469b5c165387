//! Tables, for terminals and in Markdown.

use std::fmt::Write as _;

/// A table. The first column is text, the others are figures.
pub(crate) struct Table {
    /// The names of its columns.
    pub(crate) head: Vec<String>,
    /// Its rows, each as long as the head.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// For a terminal: columns lined up, indented by two.
    pub(crate) fn plain(&self) -> String {
        let width = |index: usize| {
            let cells = [&self.head].into_iter().chain(&self.rows).filter_map(|row| row.get(index));
            cells.map(|cell: &String| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let mut text = String::new();
        for row in [&self.head].into_iter().chain(&self.rows) {
            let mut line = String::new();
            for (index, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                // Writing to a string cannot fail.
                let _ = if index == 0 { write!(line, "  {cell:width$}") } else { write!(line, "  {cell:>width$}") };
            }
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    /// In Markdown.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let escaped = |row: &Vec<String>| row.iter().map(|cell| cell.replace('|', "\\|")).collect::<Vec<_>>();
        let rule: Vec<String> =
            (0..self.head.len()).map(|index| if index == 0 { "---" } else { "---:" }.to_owned()).collect();
        let rows: String = self.rows.iter().map(|row| line(&escaped(row))).collect();
        format!("{}{}{rows}", line(&escaped(&self.head)), line(&rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_up_and_is_markdown() {
        let rows = [["a_source", "9"], ["b|c", "10 %"]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
        let table = Table { head: vec!["source".to_owned(), "n".to_owned()], rows };
        assert_eq!(table.plain(), "  source       n\n  a_source     9\n  b|c       10 %\n");
        assert_eq!(table.markdown(), "| source | n |\n| --- | ---: |\n| a_source | 9 |\n| b\\|c | 10 % |\n");
    }
}
