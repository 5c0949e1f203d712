import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

const keys = (count: number) => Array.from({ length: count }, (_, index) => `row-${index}`);

function Waiting({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("ui.skeleton.label")}>
      {children}
    </div>
  );
}

/** A list of short entries on its way. */
export function RowsSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <Waiting>
      <Stack gap="sm" p="md">
        {keys(rows).map((key, index) => (
          <div key={key}>
            <Skeleton height={12} width={`${70 - (index % 3) * 14}%`} />
            <Skeleton height={9} width={`${40 - (index % 2) * 12}%`} mt={8} />
          </div>
        ))}
      </Stack>
    </Waiting>
  );
}

/** A form or a record on its way. */
export function FieldsSkeleton({ fields = 5 }: { fields?: number }) {
  return (
    <Waiting>
      <Stack gap="lg" maw={560}>
        {keys(fields).map((key) => (
          <div key={key}>
            <Skeleton height={10} width={110} mb={8} />
            <Skeleton height={34} />
          </div>
        ))}
      </Stack>
    </Waiting>
  );
}

/** A whole page on its way; what the router shows while a loader works. */
export function PageSkeleton() {
  return (
    <Waiting>
      <Skeleton height={28} width={220} mb="xl" />
      <Skeleton height={120} mb="md" radius="md" />
      <Skeleton height={240} radius="md" />
    </Waiting>
  );
}
