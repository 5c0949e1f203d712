import { useTranslation } from "react-i18next";
import { AudienceWords } from "../../../ui/audience/AudienceWords";
import { KeyName } from "../../../ui/audience/KeyName";
import { Bidi } from "../../../ui/Bidi";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { Panel } from "../../../ui/Panel";
import type { EligibilityList } from "../queries";

/** Whom a list is about and which sessions it counts. */
export function ListAbout({ list }: { list: EligibilityList }) {
  const { t } = useTranslation();
  const format = useFormat();
  const keys = [
    ...list.courses.map((id) => `course:${id}`),
    ...list.sections.map((id) => `section:${id}`),
    ...list.departments.map((id) => `department:${id}`),
  ];
  return (
    <Panel>
      <Facts
        items={[
          ...(list.owner_kind === "exam" && list.owner_id !== null
            ? [
                {
                  label: t("attendance.lists.exam"),
                  value: (
                    <AnchorLink to="/assessment/exams/$id" params={{ id: String(list.owner_id) }}>
                      {t("attendance.lists.openExam")}
                    </AnchorLink>
                  ),
                },
              ]
            : []),
          { label: t("attendance.lists.whom"), value: <AudienceWords audience={list.audience} /> },
          {
            label: t("attendance.lists.days"),
            value: t("attendance.mine.span", {
              from: format.date(list.first_day),
              to: format.date(list.last_day),
            }),
          },
          {
            label: t("attendance.lists.counted"),
            value:
              keys.length === 0
                ? t("attendance.lists.allSessions")
                : keys.map((key, place) => (
                    <span key={key}>
                      {place > 0 && " · "}
                      <KeyName value={key} />
                    </span>
                  )),
          },
          { label: t("attendance.lists.number"), value: format.number(list.number) },
          ...(list.frozen_at
            ? [
                {
                  label: t("attendance.lists.frozen"),
                  value: (
                    <>
                      <Moment at={list.frozen_at} /> · <Bidi>{list.frozen_by}</Bidi>
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}
