from . import aces_xml, column_name, part_number, table_file, vin, year_range
from . import catalog_row, cell_value, number_cell
from . import chassis, part_number, vehicle_name, vin, year_range
