import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SeatsBar } from "../../../ui/SeatsBar";
import { SmallTable } from "../../../ui/SmallTable";
import { SECTIONS } from "../queries";

type Props = { period?: number; course?: number };

/** The sections of a period or of a course, with their seats. */
export function SectionRows({ period, course }: Props) {
  const { t } = useTranslation();
  const query = useQuery(listQuery(SECTIONS, { academic_period: period, course, page_size: 100 }));
  return (
    <Panel title={t("academics.section.title")} flush>
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            caption={t("academics.section.title")}
            rows={results}
            rowId={(section) => section.id}
            empty={t("academics.section.noneHere")}
            columns={[
              {
                id: "section",
                header: t("academics.fields.section"),
                cell: (section) => (
                  <AnchorLink to="/academics/sections/$id" params={{ id: String(section.id) }}>
                    <Code>{section.course_code}</Code> <Bidi>{section.name}</Bidi>
                  </AnchorLink>
                ),
              },
              {
                id: "other",
                header: course ? t("academics.fields.period") : t("academics.fields.course"),
                cell: (section) => <Bidi>{course ? section.academic_period_name : section.course_name}</Bidi>,
              },
              {
                id: "teacher",
                header: t("academics.fields.teacher"),
                cell: (section) => section.faculty_name && <Bidi>{section.faculty_name}</Bidi>,
              },
              {
                id: "seats",
                header: t("academics.section.seats"),
                cell: (section) => <SeatsBar taken={section.enrolled_count} capacity={section.capacity} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
